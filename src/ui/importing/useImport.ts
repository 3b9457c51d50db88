// An import as the dialog sees it: what it is working on, what was understood, and what the official parser adds later.

import { useCallback, useEffect, useRef, useState } from "react";
import type { Imported } from "../../imports/importAsyncapi.ts";
import { importStarter } from "../../store/importStart.ts";
import type { HandedOver } from "../../store/sessionStore.ts";

/** Where an import stands. */
export type ImportState =
  | { readonly step: "choosing"; readonly failure?: string }
  | { readonly step: "reading"; readonly name: string }
  | {
      readonly step: "read";
      readonly imported: Imported;
      /** How far the official parser is; undefined: it is done. */
      readonly judging: { readonly done: number; readonly most: number } | undefined;
    };

/** What can be imported. */
export type Given =
  | { readonly files: readonly HandedOver[] }
  | { readonly text: string }
  | { readonly address: string };

/** State and handles of the import of a dialog; it ends when the dialog closes. */
export function useImport(): {
  readonly state: ImportState;
  readonly start: (given: Given) => Promise<void>;
  readonly cancel: () => void;
} {
  const [state, setState] = useState<ImportState>({ step: "choosing" });
  const ending = useRef<() => void>(() => undefined);
  useEffect(() => () => ending.current(), []);

  const start = useCallback(async (given: Given): Promise<void> => {
    ending.current();
    let isCurrent = true;
    ending.current = () => {
      isCurrent = false;
    };
    setState({ step: "reading", name: nameOf(given) });
    try {
      const order = await orderFrom(given);
      const startImport = await importStarter();
      if (!isCurrent || startImport === undefined) return;
      const job = startImport(order, (judging) => {
        if (isCurrent)
          setState((now) =>
            now.step === "read" && now.judging !== undefined ? { ...now, judging } : now,
          );
      });
      ending.current = () => {
        isCurrent = false;
        job.cancel();
      };
      const read = await job.read;
      if (!isCurrent) return;
      if (!read.ok) {
        setState({ step: "choosing", failure: read.failure });
        return;
      }
      const most = read.value.questions.length;
      setState({ step: "read", imported: read.value, judging: { done: 0, most } });
      const judged = await job.judged;
      if (isCurrent)
        setState({
          step: "read",
          imported: judged.ok ? judged.value : read.value,
          judging: undefined,
        });
    } catch {
      if (isCurrent)
        setState({
          step: "choosing",
          failure: "The files could not be read. Check that they are still there, and try again.",
        });
    }
  }, []);

  const cancel = useCallback((): void => {
    ending.current();
    setState({ step: "choosing" });
  }, []);

  return { state, start, cancel };
}

function nameOf(given: Given): string {
  if ("address" in given) return given.address;
  if ("text" in given) return "the pasted text";
  const [first, ...others] = given.files;
  return others.length === 0 ? (first?.name ?? "") : `${others.length + 1} files`;
}

async function orderFrom(given: Given) {
  if ("address" in given) return given;
  if ("text" in given) {
    const name = given.text.trimStart().startsWith("{") ? "pasted.json" : "pasted.yaml";
    return { files: [{ name, bytes: new TextEncoder().encode(given.text) }] };
  }
  const files = await Promise.all(
    given.files.map(async ({ name, file }) => ({
      name,
      bytes: new Uint8Array(await file.slice(0, fileBytesMax).arrayBuffer()),
    })),
  );
  return { files };
}

/** More of one file is never read [bytes]; the import refuses long before. */
const fileBytesMax = 64e6;
