// An import in two workers: one reads and draws within a second, the other one is the official parser, which takes
// longer. Both live for one import; to cancel it is to end them.

import { proxy, wrap } from "comlink";
import { fail, type Result, succeed } from "../base/result.ts";
import { type Imported, withVerdicts } from "../imports/importAsyncapi.ts";
import type { Finding } from "../imports/findings.ts";
import type {
  AsyncapiReadingApi,
  AsyncapiVerdictApi,
  ImportJob,
  ImportOrder,
  ImportProgress,
} from "./api.ts";
import type { WorkerLike } from "./client.ts";

/** Longest time that reading and judging may take [ms]; hostile files must not keep a core busy for ever. */
const limitMs = { read: 60_000, judge: 120_000 } as const;

/** What an import may be told; tests tell all of it. */
export interface ImportOptions {
  readonly startReading?: () => WorkerLike;
  readonly startVerdict?: () => WorkerLike;
}

/** Starts an import. */
export function startImport(
  order: ImportOrder,
  onProgress: (progress: ImportProgress) => void,
  { startReading = startReadingWorker, startVerdict = startVerdictWorker }: ImportOptions = {},
): ImportJob {
  const reader = startReading();
  // Loaded while the other one reads: it is large.
  const judge = startVerdict();
  let cancel: () => void = () => undefined;
  const cancelled = new Promise<Result<never, string>>((resolve) => {
    cancel = () => resolve(fail("The import was cancelled; nothing was changed."));
  });
  // Listened to from the beginning: it may break while the other one is still reading.
  const judgeLost = loss(judge, limitMs.judge, unjudged);
  const read = Promise.race([
    readWith(reader, order),
    loss(
      reader,
      limitMs.read,
      "The files could not be read within a minute, or there is too little memory. Import fewer at once.",
    ),
    cancelled,
  ]).finally(() => reader.terminate());
  const judged = read
    .then(async (answer) =>
      answer.ok
        ? Promise.race([
            judgedWith(judge, answer.value, onProgress),
            judgeLost.then(() => succeed(withoutVerdict(answer.value))),
            cancelled,
          ])
        : answer,
    )
    .finally(() => judge.terminate());
  return { read, judged, cancel };
}

function startReadingWorker(): WorkerLike {
  return new Worker(new URL("./asyncapiReading.worker.ts", import.meta.url), {
    type: "module",
    name: "asyncapi-reading",
  });
}

function startVerdictWorker(): WorkerLike {
  return new Worker(new URL("./asyncapiVerdict.worker.ts", import.meta.url), {
    type: "module",
    name: "asyncapi-verdict",
  });
}

async function readWith(worker: WorkerLike, order: ImportOrder): Promise<Result<Imported, string>> {
  const remote = wrap<AsyncapiReadingApi>(worker);
  if ("files" in order) return succeed(await remote.read(order.files));
  const fetched = await remote.fetchFile(order.address);
  return fetched.ok ? succeed(await remote.read([fetched.value])) : fetched;
}

async function judgedWith(
  worker: WorkerLike,
  imported: Imported,
  onProgress: (progress: ImportProgress) => void,
): Promise<Result<Imported, string>> {
  const most = imported.questions.length;
  if (most === 0) return succeed(imported);
  onProgress({ done: 0, most });
  const tell = proxy((done: number) => onProgress({ done, most }));
  const verdicts = await wrap<AsyncapiVerdictApi>(worker).judge(imported.questions, tell);
  return succeed(withVerdicts(imported, verdicts));
}

const unjudged =
  "The official parser could not be asked: it did not start, or did not come to an end. What was read is drawn.";

function withoutVerdict(imported: Imported): Imported {
  const file = imported.documents[0]?.file ?? "";
  const finding: Finding = {
    severity: "warning",
    code: "import/parser",
    file,
    line: 1,
    column: 1,
    pointer: "",
    message: unjudged,
  };
  return withVerdicts(imported, [finding]);
}

/** Settles with a failure when a worker dies or takes too long. */
async function loss(
  worker: WorkerLike,
  ms: number,
  sentence: string,
): Promise<Result<never, string>> {
  return new Promise((resolve) => {
    const say = (): void => resolve(fail(sentence));
    worker.addEventListener("error", say);
    worker.addEventListener("messageerror", say);
    setTimeout(say, ms);
  });
}
