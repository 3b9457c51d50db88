// Contact and licence in the head of documents: what is well-formed is said, all else is left out there.

import { describe, expect, test } from "vitest";
import { contactLens, isEmailAddress, isWebAddress, licenceLens } from "./contact.ts";

describe("addresses", () => {
  test.each([
    "https://example.com",
    "http://example.com:8080/a/b%20c?d=e/f#g?h",
    "https://example.com?a",
    "https://127.0.0.1/~team",
  ])("%s is one of the web", (text) => expect(isWebAddress(text)).toBe(true));

  test.each([
    "",
    "example.com",
    "https://",
    "https://a b",
    "https://example.com/%2",
    "https://example.com/a#b#c",
    "https://exämple.com",
    "javascript:alert(1)",
    "https://example.com\n",
  ])("%j is none of the web", (text) => expect(isWebAddress(text)).toBe(false));

  test.each(["a@example.com", "a.b+c_d@mail.example.com"])("%s is one of e-mail", (text) =>
    expect(isEmailAddress(text)).toBe(true),
  );

  test.each(["", "a", "a@", "a@example", ".a@example.com", "a b@example.com", "a@-x.com"])(
    "%j is none of e-mail",
    (text) => expect(isEmailAddress(text)).toBe(false),
  );
});

describe("a document", () => {
  test("says nothing where the scenario states nothing, or nothing that can be said", () => {
    expect(contactLens.write(undefined)).toBeUndefined();
    expect(contactLens.write({ name: "", url: "nowhere" })).toBeUndefined();
    expect(licenceLens.write(undefined)).toBeUndefined();
    expect(licenceLens.write({ name: "", url: "https://example.com" })).toBeUndefined();
  });

  test("leaves out what is not well-formed", () => {
    const contact = { name: "Team", url: "team", email: "team@example.com" };
    expect(contactLens.write(contact)).toEqual({ name: "Team", email: "team@example.com" });
    expect(licenceLens.write({ name: "MIT", url: "?" })).toEqual({ name: "MIT" });
  });

  test("is read without trusting it", () => {
    expect(contactLens.read({ name: 1, url: "u", email: null, more: "x" })).toEqual({ url: "u" });
    for (const said of [undefined, null, "MIT", [], { name: 1 }]) {
      expect(contactLens.read(said)).toBeUndefined();
      expect(licenceLens.read(said)).toBeUndefined();
    }
  });
});
