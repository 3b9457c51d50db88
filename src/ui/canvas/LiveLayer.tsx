// The live picture on the canvas. Rendered inside <ReactFlow>: a canvas under the nodes, and the legend of its colours.

import { useOnViewportChange, useReactFlow } from "@xyflow/react";
import { useEffect, useRef, useState } from "react";
import { type Outcome, outcomes } from "../../model/result.ts";
import { latestLiveRun, subscribeLiveRun } from "../../store/liveRun.ts";
import { useRunStore } from "../../store/runStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import { createLiveCards } from "../run/liveCards.ts";
import styles from "./LiveLayer.module.css";
import { type Legend, LivePainter } from "./livePainter.ts";
import { isOnlyName } from "./zoomLevel.ts";

const outcomeWords: Readonly<Record<Outcome, string>> = {
  normal: "event",
  redelivery: "redelivery",
  "dead-letter": "dead letter",
  failure: "failure",
  request: "request",
  response: "answer",
  write: "write",
};

/** Particles, live values on the cards, and the legend. */
export function LiveLayer() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<LivePainter | null>(null);
  const [legend, setLegend] = useState<Legend>({ oneOf: 1, seen: [] });
  const { getViewport } = useReactFlow();
  useOnViewportChange({ onChange: () => painter.current?.wake() });

  useEffect(() => {
    const element = canvas.current;
    const root = element?.closest<HTMLElement>(".react-flow") ?? element?.parentElement ?? null;
    if (element === null || root === null) return undefined;
    const announce = (sentence: string): void => useSessionStore.getState().announce(sentence);
    const cards = createLiveCards({
      root,
      isFar: () => isOnlyName(getViewport().zoom),
      announce,
    });
    const made = new LivePainter({
      canvas: element,
      root,
      cards,
      viewport: getViewport,
      isRunning: () => useRunStore.getState().status === "running",
      onLegend: setLegend,
    });
    painter.current = made;
    made.take(latestLiveRun());
    const stopFrames = subscribeLiveRun(made.take);
    const stopStatus = useRunStore.subscribe(made.wake);
    return () => {
      stopFrames();
      stopStatus();
      made.destroy();
      painter.current = null;
    };
  }, [getViewport]);

  return (
    <>
      <canvas ref={canvas} className={styles["particles"]} aria-hidden="true" />
      <LegendBox legend={legend} />
    </>
  );
}

function LegendBox({ legend }: { readonly legend: Legend }) {
  const seen = outcomes.filter((_, i) => legend.seen[i]);
  if (seen.length === 0) return null;
  return (
    <ul className={styles["legend"]} aria-label="Colours of moving messages">
      {seen.map((outcome) => (
        <li key={outcome}>
          <i style={{ background: `var(--outcome-${outcome})` }} />
          {outcomeWords[outcome]}
        </li>
      ))}
      {legend.oneOf > 1 ? (
        <li className={styles["share"]}>
          1 particle = {Math.round(legend.oneOf).toLocaleString("en-US")} messages
        </li>
      ) : null}
    </ul>
  );
}
