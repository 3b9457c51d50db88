// The drawing loop of the live picture, outside React: particles (or ribbons) under the nodes, values on the cards.
// It runs while something moves or is left to write, and sleeps otherwise.

import { outcomes } from "../../model/result.ts";
import type { LiveRun } from "../../store/liveRun.ts";
import type { LiveCards } from "../run/liveCards.ts";
import { createEdgePaths, type EdgePath, type EdgePaths } from "./edgePaths.ts";
import { createParticles, travelMsAt } from "./particles.ts";
import { createRibbons } from "./ribbons.ts";

/** What the painter needs of its surroundings. */
export interface PainterOptions {
  readonly canvas: HTMLCanvasElement;
  /** The canvas of the drawing, with lines and cards in it. */
  readonly root: HTMLElement;
  readonly cards: LiveCards;
  readonly viewport: () => { readonly x: number; readonly y: number; readonly zoom: number };
  readonly isRunning: () => boolean;
  readonly onLegend: (legend: Legend) => void;
}

/** What the legend says. */
export interface Legend {
  readonly oneOf: number;
  readonly seen: readonly boolean[];
}

/** Sharper than this costs more than it shows. */
const pixelRatioMax = 1.5;
const legendEveryMs = 500;
/** Movements of one frame are spread over the wall time since the one before, up to this [ms]. */
const spreadMsMax = 100;

/** Colours where the style sheet names none. */
const fallbacks = ["#0b8196", "#c77700", "#8a3f9c", "#cc3311", "#2f6fc9", "#1c8a5a", "#64757c"];

/** The painter of one canvas. */
export class LivePainter {
  readonly #options: PainterOptions;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #paths: EdgePaths;
  readonly #particles = createParticles();
  readonly #ribbons = createRibbons();
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #lines = new MutationObserver(() => {
    this.#areLinesStale = true;
    this.wake();
  });
  readonly #theme = new MutationObserver(() => {
    this.#readColours();
  });
  readonly #size = new ResizeObserver(([entry]) => {
    // Asking the element itself would make the browser lay out the page at once.
    this.#pane = entry?.contentRect ?? this.#pane;
    this.wake();
  });
  #pane: { readonly width: number; readonly height: number } = { width: 0, height: 0 };
  #live: LiveRun | null = null;
  #connectionPaths: (EdgePath | undefined)[] = [];
  #colours: readonly string[] = fallbacks;
  /** The picture's own clock [ms]: stands still while the run is paused, so that particles do too. */
  #clockMs = 0;
  #finishMs = 0;
  #wallMs = 0;
  #tookMs = 0;
  #legendMs = 0;
  #legendText = "";
  #isLooping = false;
  #isStale = true;
  #areLinesStale = true;

  constructor(options: PainterOptions) {
    const { canvas, root } = options;
    this.#options = options;
    this.#context = canvas.getContext("2d");
    this.#paths = createEdgePaths(root);
    const changes = { attributes: true, attributeFilter: ["d"], childList: true, subtree: true };
    this.#lines.observe(root.querySelector(".react-flow__edges") ?? root, changes);
    const themed = { attributes: true, attributeFilter: ["data-theme"] };
    this.#theme.observe(document.documentElement, themed);
    this.#size.observe(root);
    this.#calm.addEventListener("change", this.wake);
    this.#readColours();
  }

  /** Takes a frame in. */
  readonly take = (next: LiveRun | null): void => {
    const nowMs = performance.now();
    const isNew = next?.generation !== this.#live?.generation;
    const isElsewhere = isNew || next?.jumps !== this.#live?.jumps;
    if (isElsewhere) {
      this.#particles.clear();
      this.#ribbons.clear();
    }
    if (isNew) this.#areLinesStale = true;
    const fromNs = isElsewhere ? 0 : (this.#live?.frame.timeNs ?? 0);
    this.#live = next;
    this.#options.cards.take(next);
    if (next !== null && this.#calm.matches) this.#ribbons.add(next);
    else if (next !== null) this.#setOut(next, fromNs, nowMs - this.#tookMs);
    // At the end of the run everything that is under way arrives.
    if (next !== null && next.frame.ended !== null)
      this.#finishMs = this.#clockMs + spreadMsMax + travelMsAt(next.speed);
    this.#tookMs = nowMs;
    this.wake();
  };

  /** Draws at the next opportunity: the view, the size or the theme has changed. */
  readonly wake = (): void => {
    this.#isStale = true;
    if (this.#isLooping) return;
    this.#isLooping = true;
    this.#wallMs = performance.now();
    requestAnimationFrame(this.#tick);
  };

  /** Stops for good, and brings the cards back to rest. */
  destroy(): void {
    this.#lines.disconnect();
    this.#theme.disconnect();
    this.#size.disconnect();
    this.#calm.removeEventListener("change", this.wake);
    this.#options.cards.reset();
  }

  #setOut({ frame, speed }: LiveRun, fromNs: number, sinceMs: number): void {
    if (frame.moves.connection.length === 0) return;
    const isRunning = this.#options.isRunning();
    const travelMs = travelMsAt(speed);
    const overMs = isRunning ? Math.min(spreadMsMax, sinceMs) : 0;
    this.#particles.add(frame, { fromNs, startMs: this.#clockMs, overMs, travelMs });
    // A single step or an act: what set out arrives although the run stands still.
    if (!isRunning) this.#finishMs = this.#clockMs + overMs + travelMs;
  }

  readonly #tick = (nowMs: number): void => {
    const { canvas, cards, isRunning } = this.#options;
    this.#isLooping = false;
    if (!canvas.isConnected) return;
    const runs = isRunning();
    const moves = this.#particles.count() > 0 && (runs || this.#clockMs < this.#finishMs);
    if (runs || moves) this.#clockMs += Math.min(100, Math.max(0, nowMs - this.#wallMs));
    this.#wallMs = nowMs;
    if (this.#isStale || moves) this.#draw();
    this.#isStale = false;
    const isLeft = cards.paint(nowMs);
    this.#tellLegend(nowMs);
    this.#isLooping = runs || moves || isLeft;
    if (this.#isLooping) requestAnimationFrame(this.#tick);
  };

  #draw(): void {
    const context = this.#context;
    if (context === null) return;
    const { canvas, viewport } = this.#options;
    const ratio = Math.min(pixelRatioMax, devicePixelRatio);
    fitSize(canvas, this.#pane, ratio);
    if (this.#areLinesStale) this.#readLines();
    const { x, y, zoom } = viewport();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(zoom * ratio, 0, 0, zoom * ratio, x * ratio, y * ratio);
    const pathOf = (row: number): EdgePath | undefined => this.#connectionPaths[row];
    const drawing = { context, colours: this.#colours, pathOf };
    if (this.#calm.matches) this.#ribbons.draw(drawing);
    else {
      const sizePx = Math.max(6, 3.5 / zoom);
      this.#particles.draw({ ...drawing, nowMs: this.#clockMs, sizePx });
    }
  }

  #readLines(): void {
    this.#areLinesStale = false;
    this.#paths.refresh();
    const connections = this.#live?.scenario.connections ?? [];
    this.#connectionPaths = connections.map(({ id }) => this.#paths.of(id));
  }

  #readColours(): void {
    const style = getComputedStyle(this.#options.root);
    this.#colours = outcomes.map(
      (name, i) => style.getPropertyValue(`--outcome-${name}`).trim() || (fallbacks[i] ?? ""),
    );
    this.wake();
  }

  #tellLegend(nowMs: number): void {
    if (nowMs - this.#legendMs < legendEveryMs && this.#live !== null) return;
    this.#legendMs = nowMs;
    const legend = this.#calm.matches ? this.#ribbons.legend() : this.#particles.legend();
    const text = `${legend.oneOf} ${legend.seen.join()}`;
    if (text === this.#legendText) return;
    this.#legendText = text;
    this.#options.onLegend({ oneOf: legend.oneOf, seen: [...legend.seen] });
  }
}

function fitSize(
  canvas: HTMLCanvasElement,
  pane: { readonly width: number; readonly height: number },
  ratio: number,
): void {
  const width = Math.round(pane.width * ratio);
  const height = Math.round(pane.height * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
