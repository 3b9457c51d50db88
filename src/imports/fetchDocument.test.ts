// Documents from addresses, with answers made up.

import { expect, test } from "vitest";
import { fetchDocument } from "./fetchDocument.ts";

const answer = (text: string, status = 200) => Promise.resolve(new Response(text, { status }));

test("a document comes with the name of its file, and without credentials", async () => {
  const asked: unknown[] = [];
  const result = await fetchDocument("https://a.example/x/orders.yaml?raw=1", (...given) => {
    asked.push(given);
    return answer("asyncapi: 3.0.0");
  });
  expect(result).toMatchObject({ ok: true, value: { name: "orders.yaml" } });
  expect(asked).toMatchObject([["https://a.example/x/orders.yaml?raw=1", { credentials: "omit" }]]);
});

test.each([
  ["file:///etc/passwd", async () => answer("")],
  ["https://a.example/gone", async () => answer("", 404)],
  ["https://a.example/closed", async () => Promise.reject(new Error("CORS"))],
])("%s fails with a sentence", async (address, fetch) => {
  const result = await fetchDocument(address, fetch);
  expect(!result.ok && result.failure).toMatch(/^[A-Z].*\.$/u);
});
