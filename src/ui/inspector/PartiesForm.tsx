// Whom to ask about a scenario and under which licence it stands, for the documents that are exported. Comes when the
// part of the inspector is unfolded.

import { type FieldValue, text } from "../../base/fields.ts";
import { isEmailAddress, isWebAddress } from "../../contracts/contact.ts";
import { textMax } from "../../model/limits.ts";
import type { Contact, Scenario } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { FieldForm } from "./FieldForm.tsx";

const fields = {
  name: text({
    label: "Contact",
    help: "A person or a team.",
    maxLength: textMax.name,
    default: "",
  }),
  url: text({
    label: "Web address",
    help: "Where the contact is found, such as https://example.com/team.",
    maxLength: textMax.url,
    default: "",
  }),
  email: text({
    label: "E-mail",
    help: "Where the contact is written to.",
    maxLength: textMax.name,
    default: "",
  }),
  licence: text({
    label: "Licence",
    help: "Under which the descriptions may be used, such as Apache-2.0.",
    maxLength: textMax.name,
    default: "",
  }),
  licenceUrl: text({
    label: "Web address of the licence",
    help: "Where its text stands.",
    maxLength: textMax.url,
    default: "",
  }),
} as const;

/** The fields. */
export function PartiesForm() {
  const { contact = {}, licence } = useDocumentStore((state) => state.scenario);
  const { name = "", url = "", email = "" } = contact;
  const values = { name, url, email, licence: licence?.name ?? "", licenceUrl: licence?.url ?? "" };
  const stated = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
  return (
    <FieldForm
      fields={fields}
      stated={stated}
      complaints={complaintsAbout(values)}
      onChange={change}
    />
  );
}

function complaintsAbout({
  url,
  email,
  licence,
  licenceUrl,
}: Readonly<Record<keyof typeof fields, string>>): Readonly<Record<string, string>> {
  const address = "Begin with https:// and leave no spaces. Until then, documents leave it out.";
  const without = (value: string, isFine: boolean, complaint: string): string | undefined =>
    value === "" || isFine ? undefined : complaint;
  const complaints = {
    url: without(url, isWebAddress(url), address),
    email: without(
      email,
      isEmailAddress(email),
      "Write it as name@example.com. Until then, documents leave it out.",
    ),
    licenceUrl: without(licenceUrl, isWebAddress(licenceUrl), address),
    licence: without(
      licenceUrl,
      licence !== "",
      "Name the licence. Until then, documents leave it out.",
    ),
  };
  return Object.fromEntries(
    Object.entries(complaints).flatMap(([key, one]) => (one === undefined ? [] : [[key, one]])),
  );
}

function change(name: string, value: FieldValue): void {
  if (typeof value !== "string") return;
  const { scenario, commit } = useDocumentStore.getState();
  const isOfLicence = name === "licence" || name === "licenceUrl";
  const changed = isOfLicence
    ? withLicence(scenario, name === "licence" ? "name" : "url", value)
    : withContact(scenario, name, value);
  const title = isOfLicence ? "Change licence" : "Change contact";
  commit(changed, title, { coalesce: `parties ${name}` });
}

/** The scenario with another part of the contact; empty parts are left out, and so is an empty contact. */
function withContact(scenario: Scenario, name: string, value: string): Scenario {
  const { contact: before, ...rest } = scenario;
  const contact: Contact = Object.fromEntries(
    Object.entries({ ...before, [name]: value }).filter(([, part]) => part !== ""),
  );
  return Object.keys(contact).length === 0 ? rest : { ...rest, contact };
}

function withLicence(scenario: Scenario, part: "name" | "url", value: string): Scenario {
  const { licence: before, ...rest } = scenario;
  const { url, ...licence } = { name: "", ...before, [part]: value };
  if (licence.name === "" && (url ?? "") === "") return rest;
  return { ...rest, licence: { ...licence, ...(url !== undefined && url !== "" && { url }) } };
}
