// Asks for the life of a message part by part until it is complete, while the run goes on.

import { useEffect, useState } from "react";
import type { MessageEvent } from "../../model/events.ts";
import type { Survey, SurveyRequest } from "../../model/lookback.ts";
import { type Trace, traceOf } from "../../model/trace.ts";
import { latestLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";

/** Events of one answer: a few hundredths of a second. */
const maxEvents = 100_000;

/** What is known of a life so far. */
export interface Life {
  readonly trace: Trace | undefined;
  readonly records: readonly MessageEvent[];
  /** How far it was followed [ns]. */
  readonly followedNs: number;
  readonly isComplete: boolean;
  readonly isCut: boolean;
  readonly failure: string;
}

const nothing: Life = {
  trace: undefined,
  records: [],
  followedNs: 0,
  isComplete: false,
  isCut: false,
  failure: "",
};

/** The life of a message; asked for anew when the run has gone on to a standstill or another one was loaded. */
export function useTrace(message: number | null): Life {
  const moment = useMoment();
  const name = `${message}/${moment}`;
  const [known, setKnown] = useState({ name, life: nothing });
  useEffect(() => {
    const wish = { isOver: false };
    if (message !== null) void follow(message, wish, (life) => setKnown({ name, life }));
    return () => {
      wish.isOver = true;
    };
  }, [message, name]);
  return known.name === name ? known.life : nothing;
}

/** What is asked for, until something else is. */
interface Wish {
  isOver: boolean;
}

/** Changes when what is known of the past may have become more, or another. */
function useMoment(): string {
  return useRunStore(({ generation, status }) => `${generation}/${status}`);
}

async function follow(message: number, wish: Wish, tell: (life: Life) => void): Promise<void> {
  const records: MessageEvent[] = [];
  for (;;) {
    const request = { message, have: records.length, maxEvents };
    const part = await useRunStore.getState().past((past) => past.trace(request));
    const scenario = latestLiveRun()?.scenario;
    if (part === null || scenario === undefined || wish.isOver) return;
    if (!part.ok) return tell({ ...nothing, failure: part.failure });
    const { root, followedNs, isComplete, isCut } = part.value;
    for (const record of part.value.records) records.push(record);
    const isWorthShowing = part.value.records.length > 0 || isComplete;
    if (isWorthShowing) {
      const trace = traceOf(records, root, scenario);
      tell({ trace, records, followedNs, isComplete, isCut, failure: "" });
    }
    if (isComplete) return;
  }
}

/** Most messages that are listed. */
const listed = 50;

/** The messages that a survey finds, asked for until the whole past has been looked through. An empty contract or key is
 *  any. */
export function useSurvey(
  what: SurveyRequest["what"] | null,
  contract: string,
  key: string,
): Survey | null {
  const moment = useMoment();
  const name = JSON.stringify([what, contract, key, moment]);
  const [known, setKnown] = useState<{ name: string; survey: Survey } | null>(null);
  useEffect(() => {
    const wish = { isOver: false };
    const about = {
      ...(contract === "" ? {} : { contract }),
      ...(key === "" ? {} : { key }),
      count: listed,
      maxEvents,
    };
    if (what !== null) void look({ what, ...about }, wish, (survey) => setKnown({ name, survey }));
    return () => {
      wish.isOver = true;
    };
  }, [what, contract, key, name]);
  return known?.name === name ? known.survey : null;
}

async function look(
  request: SurveyRequest,
  wish: Wish,
  tell: (survey: Survey) => void,
): Promise<void> {
  for (;;) {
    const found = await useRunStore.getState().past((past) => past.survey(request));
    if (found === null || wish.isOver) return;
    tell(found);
    if (found.isComplete) return;
  }
}
