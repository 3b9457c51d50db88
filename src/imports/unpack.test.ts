// Archives as files, also those that claim to be smaller than they are or hold more than anybody needs.

import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { importAsyncapi } from "./importAsyncapi.ts";
import { importBytesMax } from "./limits.ts";
import { unpack } from "./unpack.ts";

const bytes = (text: string) => Uint8Array.from(strToU8(text));
const zip = (files: Record<string, Uint8Array>) => Uint8Array.from(zipSync(files, { level: 9 }));

describe("handed over files", () => {
  test("are texts", () => {
    expect(unpack([{ name: "a.yaml", bytes: bytes("grüß: 1") }])).toEqual([
      { name: "a.yaml", text: "grüß: 1" },
    ]);
  });

  test("in archives keep their folders; what is no text for us stays inside", () => {
    const archive = zip({
      "orders/asyncapi.yaml": bytes("a: 1"),
      "orders/logo.png": bytes("png"),
      "__MACOSX/orders/asyncapi.yaml": bytes("b"),
    });
    expect(unpack([{ name: "all.zip", bytes: archive }])).toEqual([
      { name: "orders/asyncapi.yaml", text: "a: 1" },
    ]);
  });

  test("that unfold beyond every limit are left in their archive", () => {
    const bomb = zip({ "bomb.yaml": new Uint8Array(importBytesMax * 4) });
    expect(bomb.length).toBeLessThan(importBytesMax / 100);
    const files = unpack([{ name: "bomb.zip", bytes: bomb }]);
    expect(files).toEqual([{ name: "bomb.yaml", text: "", isTooLarge: true }]);
    expect(importAsyncapi(files).findings).toMatchObject([
      { code: "import/too-large", file: "bomb.yaml" },
      { code: "import/nothing" },
    ]);
  });

  test("that only begin like an archive are texts", () => {
    expect(unpack([{ name: "a.yaml", bytes: bytes("PK is no archive") }])).toHaveLength(1);
  });
});
