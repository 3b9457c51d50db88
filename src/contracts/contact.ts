// Whom to ask and under which licence: what a scenario says of itself, and how the head of an AsyncAPI document says it.
// Addresses are free text in a scenario; a document must have well-formed ones, so others are left out there.

import { isObject } from "../model/equal.ts";
import type { Contact, Licence } from "../model/scenario.ts";
import { type InfoObject, withoutGaps } from "./document.ts";
import type { Lens } from "./lens.ts";

/** A contact under `info`; none where nothing of it can be said. */
export const contactLens: Lens<Contact | undefined, InfoObject["contact"]> = {
  write: (contact) =>
    unlessEmpty(
      withoutGaps({
        name: filled(contact?.name),
        url: isWebAddress(contact?.url) ? contact?.url : undefined,
        email: isEmailAddress(contact?.email) ? contact?.email : undefined,
      }),
    ),
  read: (said) =>
    unlessEmpty(
      withoutGaps({
        name: textIn(said, "name"),
        url: textIn(said, "url"),
        email: textIn(said, "email"),
      }),
    ),
};

/** A licence under `info`, where it has a name. */
export const licenceLens: Lens<Licence | undefined, InfoObject["license"]> = {
  write: (licence) => {
    if (licence === undefined || licence.name === "") return undefined;
    const { name, url } = licence;
    return withoutGaps({ name, url: isWebAddress(url) ? url : undefined });
  },
  read: (said) => {
    const name = textIn(said, "name");
    return name === undefined ? undefined : withoutGaps({ name, url: textIn(said, "url") });
  },
};

/** Whether a text is an address of the web as RFC 3986 writes them: AsyncAPI asks for one. */
export function isWebAddress(text: string | undefined): boolean {
  return text !== undefined && webAddress.test(text);
}

/** Whether a text is an e-mail address as all tools take them. */
export function isEmailAddress(text: string | undefined): boolean {
  return text !== undefined && emailAddress.test(text);
}

const webAddress =
  /^https?:\/\/[\w.-]+(?::\d{1,5})?(?:[/?](?:[\w.~!$&'()*+,;=:@/?-]|%[\dA-Fa-f]{2})*)?(?:#(?:[\w.~!$&'()*+,;=:@/?-]|%[\dA-Fa-f]{2})*)?$/u;

const emailAddress =
  /^[\w+-]+(?:\.[\w+-]+)*@(?:[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?\.)+[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?$/u;

function filled(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function textIn(said: unknown, name: string): string | undefined {
  const text = isObject(said) ? said[name] : undefined;
  return typeof text === "string" ? filled(text) : undefined;
}

function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
