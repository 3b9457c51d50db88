// What the official parser says, and that it reads nothing but the imported files.

import { describe, expect, test } from "vitest";
import { officialVerdict } from "./officialVerdict.ts";

const head = "asyncapi: 3.0.0\ninfo:\n  title: Orders\n  version: 1.0.0\n";

async function verdictOn(text: string, others: readonly { name: string; text: string }[] = []) {
  return officialVerdict({
    file: "orders.yaml",
    files: [{ name: "orders.yaml", text }, ...others],
  });
}

describe("the official parser", () => {
  test("has nothing against a document that is right", async () => {
    expect((await verdictOn(head)).filter(({ severity }) => severity !== "info")).toEqual([]);
  });

  test("says what is wrong, with line and column", async () => {
    const found = await verdictOn(`${head}channels:\n  orders:\n    adress: orders\n`);
    expect(found).toContainEqual(
      expect.objectContaining({
        severity: "error",
        line: 7,
        column: 13,
        pointer: "/channels/orders/adress",
      }),
    );
  });

  test("reads the imported files, and no others", async () => {
    const text = (file: string) => `${head}channels:\n  orders:\n    $ref: "${file}"\n`;
    const other = { name: "channels.yaml", text: "orders:\n  address: orders\n" };
    const errorsOf = async (file: string) =>
      (await verdictOn(text(file), [other])).filter(({ severity }) => severity === "error");
    expect(await errorsOf("./channels.yaml#/orders")).toEqual([]);
    expect(await errorsOf("./channels.yaml#/payments")).not.toEqual([]);
    expect(await errorsOf("./gone.yaml#/orders")).not.toEqual([]);
  });

  test("neither asks the network nor the disk", async () => {
    const asked: unknown[] = [];
    const before = globalThis.fetch;
    globalThis.fetch = (input) => {
      asked.push(input);
      return Promise.reject(new Error("No network here."));
    };
    try {
      const network = await verdictOn(
        `${head}channels:\n  a:\n    $ref: "http://127.0.0.1:9/x.yaml#/a"\n`,
      );
      expect(network.map(({ message }) => message).join()).not.toContain("ECONNREFUSED");
      const disk = await verdictOn(
        `${head}channels:\n  a:\n    $ref: "${import.meta.filename}#/a"\n`,
      );
      expect(disk.filter(({ severity }) => severity === "error").length).toBeGreaterThan(0);
    } finally {
      globalThis.fetch = before;
    }
    expect(asked).toEqual([]);
  });
});
