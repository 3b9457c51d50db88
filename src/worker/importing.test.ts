// An import in two workers, with channels of messages instead of threads: results, progress, cancelling, and a parser
// that does not start.

import { expose } from "comlink";
import { describe, expect, test } from "vitest";
import { importAsyncapi } from "../imports/importAsyncapi.ts";
import { unpack } from "../imports/unpack.ts";
import type { AsyncapiReadingApi, AsyncapiVerdictApi, ImportProgress } from "./api.ts";
import type { WorkerLike } from "./client.ts";
import { startImport } from "./importing.ts";

const text = "asyncapi: 3.0.0\ninfo: { title: T, version: 1.0.0 }\n";
const files = [{ name: "a.yaml", bytes: new TextEncoder().encode(text) }];

function workerWith(api: object | undefined): WorkerLike {
  const { port1, port2 } = new MessageChannel();
  if (api !== undefined) expose(api, port2);
  return Object.assign(port1, {
    terminate: () => {
      port1.close();
      port2.close();
    },
  });
}

const reading: AsyncapiReadingApi = {
  read: (given) => Promise.resolve(importAsyncapi(unpack(given))),
  fetchFile: () => Promise.resolve({ ok: false, failure: "There is no network here." }),
};

const judging: AsyncapiVerdictApi = {
  judge: (questions, tell) => {
    tell(questions.length);
    const place = { file: "a.yaml", line: 1, column: 1, pointer: "" };
    return Promise.resolve([
      { severity: "error", code: "official", message: "Said by the parser.", ...place },
    ]);
  },
};

function start(order: Parameters<typeof startImport>[0], verdict: object | undefined = judging) {
  const progress: ImportProgress[] = [];
  const job = startImport(order, (one) => progress.push(one), {
    startReading: () => workerWith(reading),
    startVerdict: () => workerWith(verdict),
  });
  return { job, progress };
}

describe("an import", () => {
  test("says what was read, and later what the official parser says", async () => {
    const { job, progress } = start({ files });
    const read = await job.read;
    expect(read.ok && read.value.documents).toHaveLength(1);
    expect(read.ok && read.value.findings).toEqual([]);
    const judged = await job.judged;
    expect(judged.ok && judged.value.findings).toMatchObject([{ code: "official" }]);
    expect(progress[0]).toEqual({ done: 0, most: 1 });
  });

  test("that is cancelled ends at once", async () => {
    const { job } = start({ files }, undefined);
    const read = await job.read;
    expect(read.ok).toBe(true);
    job.cancel();
    expect((await job.judged).ok).toBe(false);
  });

  test("of an address that cannot be asked fails with a sentence", async () => {
    const { job } = start({ address: "https://a.example" });
    expect(await job.read).toEqual({ ok: false, failure: "There is no network here." });
    expect((await job.judged).ok).toBe(false);
  });

  test("is kept when the official parser does not start", async () => {
    const broken = workerWith(undefined);
    const job = startImport({ files }, () => undefined, {
      startReading: () => workerWith(reading),
      startVerdict: () => broken,
    });
    await job.read;
    if (broken instanceof EventTarget) broken.dispatchEvent(new Event("error"));
    const judged = await job.judged;
    expect(judged.ok && judged.value.findings).toMatchObject([{ code: "import/parser" }]);
  });
});
