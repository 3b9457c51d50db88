// Particles: every one is a message that the engine has moved. They live in columns; nothing is allocated per frame.

import { type Frame, outcomes } from "../../model/result.ts";
import { type EdgePath, placeAlong } from "./edgePaths.ts";

/** At most so many are on their way; beyond it one stands for several messages. */
export const particlesMax = 5000;

/** Round ones are prettier and cost three times as much; so many are affordable. */
const roundMax = 1200;
const fullTurn = Math.PI * 2;

/** How long a particle travels [ms of the picture's own clock]: shorter at high speeds, so that lines stay readable. */
export function travelMsAt(speed: number): number {
  if (speed <= 1) return 700;
  return speed === Infinity ? 320 : Math.max(320, 700 - 160 * Math.log2(speed) * 0.5);
}

/** The particles on their way. */
export interface Particles {
  /** Lets the movements of a frame set out: spread over the wall time that the frame stands for. */
  add(frame: Frame, spread: Spread): void;
  /** Draws all of one outcome after the other; forgets those that have arrived. */
  draw(drawing: ParticleDrawing): void;
  clear(): void;
  count(): number;
  /** How many messages a particle stands for, and which outcomes have been seen. */
  legend(): { readonly oneOf: number; readonly seen: readonly boolean[] };
}

/** How simulated time becomes picture time. */
export interface Spread {
  /** Simulated time of the frame before [ns]. */
  readonly fromNs: number;
  /** When the first movement sets out, and over how long they are spread [ms of the picture's clock]. */
  readonly startMs: number;
  readonly overMs: number;
  readonly travelMs: number;
}

/** What drawing needs. */
export interface ParticleDrawing {
  readonly context: Pick<
    CanvasRenderingContext2D,
    "fillStyle" | "fillRect" | "beginPath" | "moveTo" | "arc" | "fill"
  >;
  readonly nowMs: number;
  /** Side of a particle in the coordinates of the document [px]. */
  readonly sizePx: number;
  readonly colours: readonly string[];
  /** The line of the connection in this row. */
  readonly pathOf: (row: number) => EdgePath | undefined;
}

/** Answers go back over the line of the call. */
const responseOutcome = outcomes.indexOf("response");
/** Drawn last, so that they are never hidden by the ordinary ones. */
const drawOrder = ["write", "request", "response", "normal", "redelivery", "dead-letter", "failure"]
  .map((name) => outcomes.findIndex((outcome) => outcome === name))
  .filter((index) => index >= 0);

/** Makes an empty set. */
export function createParticles(): Particles {
  const startMs = new Float64Array(particlesMax);
  const travelMs = new Float32Array(particlesMax);
  const connection = new Int32Array(particlesMax);
  const outcome = new Uint8Array(particlesMax);
  const aside = new Float32Array(particlesMax);
  const at = new Float32Array(2);
  let seen = outcomes.map(() => false);
  let oneOf = 1;
  let count = 0;

  function add({ moves, timeNs }: Frame, spread: Spread): void {
    const stretchNs = Math.max(1, timeNs - spread.fromNs);
    if (moves.connection.length > 0) oneOf = Math.max(1, moves.oneOf);
    for (let i = 0; i < moves.connection.length && count < particlesMax; i++) {
      const share = ((moves.timeNs[i] ?? 0) - spread.fromNs) / stretchNs;
      startMs[count] = spread.startMs + Math.min(1, Math.max(0, share)) * spread.overMs;
      travelMs[count] = spread.travelMs;
      connection[count] = moves.connection[i] ?? 0;
      const what = moves.outcome[i] ?? 0;
      outcome[count] = what;
      seen[what] = true;
      aside[count] = asideOf(moves.message[i] ?? 0);
      count++;
    }
  }

  /** Takes out those that have arrived; the order does not matter. */
  function forgetArrived(nowMs: number): void {
    for (let i = count - 1; i >= 0; i--) {
      if (nowMs - (startMs[i] ?? 0) < (travelMs[i] ?? 0)) continue;
      count--;
      startMs[i] = startMs[count] ?? 0;
      travelMs[i] = travelMs[count] ?? 0;
      connection[i] = connection[count] ?? 0;
      outcome[i] = outcome[count] ?? 0;
      aside[i] = aside[count] ?? 0;
    }
  }

  function draw(drawing: ParticleDrawing): void {
    forgetArrived(drawing.nowMs);
    if (count === 0) return;
    for (const index of drawOrder) {
      if (!(seen[index] ?? false)) continue;
      drawing.context.fillStyle = drawing.colours[index] ?? "#0b8196";
      drawOutcome(drawing, index);
    }
  }

  function drawOutcome({ context, nowMs, sizePx, pathOf }: ParticleDrawing, index: number): void {
    const half = sizePx / 2;
    const isRound = count <= roundMax;
    if (isRound) context.beginPath();
    for (let i = 0; i < count; i++) {
      if (outcome[i] !== index) continue;
      const share = (nowMs - (startMs[i] ?? 0)) / (travelMs[i] ?? 1);
      if (share < 0) continue;
      const path = pathOf(connection[i] ?? 0);
      if (path === undefined) continue;
      placeAlong(path.points, index === responseOutcome ? 1 - share : share, at);
      const x = at[0] ?? 0;
      const y = (at[1] ?? 0) + (aside[i] ?? 0) * half;
      if (isRound) {
        context.moveTo(x + half, y);
        context.arc(x, y, half, 0, fullTurn);
      } else context.fillRect(x - half, y - half, sizePx, sizePx);
    }
    if (isRound) context.fill();
  }

  return {
    add,
    draw,
    clear: () => {
      count = 0;
      oneOf = 1;
      seen = outcomes.map(() => false);
    },
    count: () => count,
    legend: () => ({ oneOf, seen }),
  };
}

/** Messages keep a little to one side of the line, each always to the same, so that a dense stream shows its parts. */
function asideOf(message: number): number {
  return ((Math.abs(message) * 0.618034) % 1) * 1.6 - 0.8;
}
