// Whom documents name as their contact, and their licence: what a scenario made of them says of itself.

import { withoutGaps } from "../contracts/document.ts";
import { isEqual } from "../model/equal.ts";
import { textMax } from "../model/limits.ts";
import type { Contact, Licence, Scenario } from "../model/scenario.ts";
import type { DocumentDescription } from "./description.ts";
import { clipped } from "./wording.ts";

/** Contact and licence where all documents that state one state the same. */
export function partiesOf(
  documents: readonly DocumentDescription[],
): Pick<Scenario, "contact" | "licence"> {
  const contact = onlyOne(documents.map((document) => document.contact));
  const licence = onlyOne(documents.map((document) => document.licence));
  return withoutGaps({
    contact: contact && contactWithinLimits(contact),
    licence: licence && licenceWithinLimits(licence),
  });
}

function onlyOne<Value>(stated: readonly (Value | undefined)[]): Value | undefined {
  const present = stated.filter((one) => one !== undefined);
  return present.every((one) => isEqual(one, present[0])) ? present[0] : undefined;
}

function contactWithinLimits({ name, url, email }: Contact): Contact | undefined {
  const contact = withoutGaps({
    name: name === undefined ? undefined : clipped(name, textMax.name),
    url: unlessLong(url, textMax.url),
    email: unlessLong(email, textMax.name),
  });
  return Object.keys(contact).length === 0 ? undefined : contact;
}

function licenceWithinLimits({ name, url }: Licence): Licence {
  return withoutGaps({
    name: clipped(name, textMax.name),
    url: unlessLong(url, textMax.url),
  });
}

/** A cut address leads nowhere. */
function unlessLong(address: string | undefined, most: number): string | undefined {
  return address !== undefined && address.length > most ? undefined : address;
}
