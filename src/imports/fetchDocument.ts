// A document from an address that somebody typed. Only asked for when the person says so; what it refers to is not fetched.

import { fail, type Result, succeed } from "../base/result.ts";
import { importBytesMax } from "./limits.ts";
import type { HandedFile } from "./unpack.ts";

/** What is needed of the answer to a request. */
interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Fetches a document, without credentials; the failure is a sentence. */
export async function fetchDocument(
  address: string,
  fetch: (
    address: string,
    options: { credentials: "omit"; referrerPolicy: "no-referrer" },
  ) => Promise<Answer>,
): Promise<Result<HandedFile, string>> {
  if (!/^https?:\/\//iu.test(address))
    return fail("An address begins with https://. Correct it, or choose a file instead.");
  let answer: Answer;
  try {
    answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
  } catch {
    return fail(
      "The address does not answer, or does not let other pages read it (CORS). Download the file and drop it here.",
    );
  }
  if (!answer.ok)
    return fail(`The address answers ${answer.status}. Check it in a tab of its own.`);
  if (Number(answer.headers.get("content-length") ?? 0) > importBytesMax)
    return fail(`What stands there is larger than ${importBytesMax / 1e6} MB.`);
  const bytes = new Uint8Array(await answer.arrayBuffer()).slice(0, importBytesMax + 1);
  const last = address
    .replace(/[?#].*$/su, "")
    .split("/")
    .at(-1);
  const name = last === undefined || last === "" ? "asyncapi.yaml" : last;
  return succeed({ name, bytes });
}
