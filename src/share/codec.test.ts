// Links: there and back without loss, and nothing that a stranger may send does any harm.

import fc from "fast-check";
import { deflateSync, strToU8 } from "fflate";
import { describe, expect, test } from "vitest";
import { scenarios } from "../model/scenario.suite.ts";
import type { Scenario } from "../model/scenario.ts";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { checksum } from "./checksum.ts";
import { decodeLink, encodeLink, linkLengthMax } from "./codec.ts";
import { sample } from "./sample.suite.ts";

/** A link with any content, made as the codec makes it. */
function linkOf(content: Uint8Array, head = "#spillway1-d1."): string {
  const packed = deflateSync(content, { level: 9 });
  const payload = new Uint8Array(packed.length + 4);
  payload.set(packed);
  new DataView(payload.buffer).setUint32(packed.length, checksum(content));
  return head + encodeBase64url(payload);
}

function codesOf(link: string): readonly string[] {
  const decoded = decodeLink(link);
  return decoded.ok ? [] : decoded.failure.map(({ code }) => code);
}

describe("a link", () => {
  test("restores the scenario, its seed and its timeline", () => {
    const decoded = decodeLink(encodeLink(sample));
    expect(decoded).toEqual({ ok: true, value: sample });
  });

  test("names codec and document version and needs no escaping", () => {
    expect(encodeLink(sample)).toMatch(/^#spillway1-d1\.[A-Za-z0-9_-]+$/u);
  });

  test("opens without its # and with white space around it", () => {
    const link = encodeLink(sample);
    expect(decodeLink(link.slice(1)).ok).toBe(true);
    expect(decodeLink(` ${link}\n`).ok).toBe(true);
  });

  test("restores any texts and extensions", () => {
    const variants = fc.record({
      title: fc.string({ unit: "grapheme", maxLength: 50 }),
      description: fc.string({ unit: "binary", maxLength: 200 }),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      "x-any": fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value))),
    });
    fc.assert(
      fc.property(variants, (variant) => {
        const scenario = { ...sample, ...variant } as Scenario;
        expect(decodeLink(encodeLink(scenario))).toEqual({ ok: true, value: scenario });
      }),
      { numRuns: 200 },
    );
  });

  test("restores any scenario", () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        expect(decodeLink(encodeLink(scenario))).toEqual({ ok: true, value: scenario });
      }),
      { numRuns: 60 },
    );
  });

  test("is refused when it was cut anywhere", () => {
    const link = encodeLink(sample);
    for (let length = 0; length < link.length; length++)
      expect(codesOf(link.slice(0, length)), `cut at ${length}`).not.toEqual([]);
  });

  test("is refused when any character of it was changed", () => {
    const link = encodeLink(sample);
    for (let i = link.indexOf(".") + 1; i < link.length; i++) {
      const changed = link.slice(0, i) + (link[i] === "A" ? "B" : "A") + link.slice(i + 1);
      expect(codesOf(changed), `changed at ${i}`).toEqual(["link/damaged"]);
    }
  });
});

describe("a hostile link", () => {
  test("never throws, whatever it holds", () => {
    const noise = fc.oneof(
      fc.string(),
      fc.string().map((text) => `#spillway1-d1.${text}`),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => `#spillway1-d1.${encodeBase64url(bytes)}`),
      fc.string().map((text) => linkOf(strToU8(text))),
      fc.jsonValue().map((value) => linkOf(strToU8(JSON.stringify(value)))),
    );
    fc.assert(
      fc.property(noise, (link) => {
        expect(codesOf(link)).not.toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test("of another page is foreign, of a newer Spillway is newer", () => {
    expect(codesOf("#/docs/intro")).toEqual(["link/foreign"]);
    expect(codesOf("")).toEqual(["link/foreign"]);
    expect(codesOf(encodeLink(sample).replace("spillway1", "spillway2"))).toEqual(["link/newer"]);
    const document = JSON.stringify({ ...sample, version: 2 });
    expect(codesOf(linkOf(strToU8(document), "#spillway1-d2."))).toEqual(["document/newer"]);
  });

  test("that unpacks without end is stopped early", () => {
    const bomb = linkOf(new Uint8Array(60_000_000));
    expect(bomb.length).toBeLessThan(linkLengthMax);
    const start = performance.now();
    expect(codesOf(bomb)).toEqual(["link/too-large"]);
    expect(performance.now() - start).toBeLessThan(200);
  });

  test("that is endless itself is not looked at", () => {
    expect(codesOf(`#spillway1-d1.${"A".repeat(linkLengthMax)}`)).toEqual(["link/too-large"]);
  });

  test("cannot nest so deeply that a reader breaks", () => {
    expect(codesOf(linkOf(strToU8("[".repeat(500_000))))).toEqual(["document/too-deep"]);
  });

  test("cannot smuggle members of Object", () => {
    const text = JSON.stringify(sample).replace('"x-owner"', '"__proto__"');
    expect(codesOf(linkOf(strToU8(text)))).not.toEqual([]);
  });
});

test("base64url agrees with Node's and refuses what it would not write itself", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = encodeBase64url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64url"));
      expect(decodeBase64url(text)).toEqual(bytes);
    }),
  );
  for (const wrong of ["A", "AB", "AAB", "AA=", "A+AA", "ÄAAA"])
    expect(decodeBase64url(wrong), wrong).toBeUndefined();
});

test("the checksum is CRC-32", () => {
  expect(checksum(strToU8("123456789"))).toBe(0xcbf43926);
});
