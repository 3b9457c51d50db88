// A scenario as the hash of a link, and back: `#spillway1-d1.` (codec and document version), then base64url of the
// deflated JSON and its CRC-32. A link is hostile input: whatever it holds, decoding ends soon with a value or problems.

import { deflateSync, Inflate, strFromU8, strToU8 } from "fflate";
import type { Problem } from "../base/problem.ts";
import { fail, type Result, succeed } from "../base/result.ts";
import { parseScenarioText, writeScenario } from "../model/parse.ts";
import type { Scenario } from "../model/scenario.ts";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { checksum } from "./checksum.ts";

/** Version of the codec: what happens between the JSON and the link. */
const codecVersion = 1;

/** Largest document that a link may unpack to [bytes]; files may be larger. */
const unpackedBytesMax = 2_000_000;

/** Longest link that is decoded at all [characters]; far beyond what any chat or browser carries. */
export const linkLengthMax = 400_000;

/** From this length on the dialog warns: mail and chat programs begin to cut links [characters]. */
export const linkLengthLong = 2_000;

/** From this length on the dialog offers the file first [characters]. */
export const linkLengthTooLong = 8_000;

/** Piece in which packed bytes are unpacked: small, so that a bomb is noticed after a few of them [bytes]. */
const sliceBytes = 1024;

const checksumBytes = 4;

const linkPattern = /^#?spillway(\d{1,4})-d(\d{1,4})\.(.*)$/su;

/** The hash of the link that restores this scenario, with the leading "#". */
export function encodeLink(scenario: Scenario): string {
  const bytes = strToU8(minify(writeScenario(scenario)));
  const packed = deflateSync(bytes, { level: 9 });
  const payload = new Uint8Array(packed.length + checksumBytes);
  payload.set(packed);
  new DataView(payload.buffer).setUint32(packed.length, checksum(bytes));
  return `#spillway${codecVersion}-d${scenario.version}.${encodeBase64url(payload)}`;
}

/** The scenario behind the hash of a link, with or without "#"; or why there is none. Never throws. */
export function decodeLink(hash: string): Result<Scenario, readonly Problem[]> {
  const text = unpackLink(hash);
  return text.ok ? parseScenarioText(text.value) : text;
}

function unpackLink(hash: string): Result<string, readonly Problem[]> {
  if (hash.length > linkLengthMax) return problem("link/too-large");
  const match = linkPattern.exec(hash.trim());
  if (match === null) return problem(/^#?spillway/u.test(hash) ? "link/damaged" : "link/foreign");
  const [, codec, , payload = ""] = match;
  if (Number(codec) > codecVersion) return problem("link/newer");
  const bytes = decodeBase64url(payload);
  if (Number(codec) < 1 || bytes === undefined || bytes.length <= checksumBytes)
    return problem("link/damaged");
  return unpack(bytes);
}

function unpack(bytes: Uint8Array): Result<string, readonly Problem[]> {
  const end = bytes.length - checksumBytes;
  const document = inflate(bytes.subarray(0, end));
  if (typeof document === "string") return problem(document);
  const stated = new DataView(bytes.buffer).getUint32(end);
  if (checksum(document) !== stated) return problem("link/damaged");
  return succeed(strFromU8(document));
}

function inflate(packed: Uint8Array): Uint8Array | "link/damaged" | "link/too-large" {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((chunk) => {
    length += chunk.length;
    chunks.push(chunk);
  });
  try {
    for (let start = 0; start < packed.length; start += sliceBytes) {
      const end = Math.min(start + sliceBytes, packed.length);
      stream.push(packed.subarray(start, end), end === packed.length);
      if (length > unpackedBytesMax) return "link/too-large";
    }
  } catch {
    // fflate throws on anything that is not a deflate stream; there is nothing more to learn from it.
    return "link/damaged";
  }
  return join(chunks, length);
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let start = 0;
  for (const chunk of chunks) {
    whole.set(chunk, start);
    start += chunk.length;
  }
  return whole;
}

function minify(json: string): string {
  return JSON.stringify(JSON.parse(json));
}

const sentences = {
  "link/foreign":
    "This link holds no Spillway scenario. Copy the whole link again, from “#spillway” to its end.",
  "link/damaged":
    "This link is damaged: part of it is missing or changed. Copy the whole link again, or ask for the scenario as a file.",
  "link/too-large":
    "This link unpacks to more than a scenario may hold. Ask for the scenario as a file instead.",
  "link/newer":
    "This link was made by a newer version of Spillway. Reload the page to get the newest version, then open the link again.",
} as const;

function problem(code: keyof typeof sentences): Result<never, readonly Problem[]> {
  return fail([{ code, severity: "error", path: "", message: sentences[code] }]);
}
