// The colours of the canvas for pictures, which have no style sheet. The same as in src/ui/theme/tokens.css; a test
// compares them.

/** Light or dark. */
export type Theme = "light" | "dark";

/** Colours by the name of their token. */
export type Palette = Readonly<Record<(typeof tokens)[number], string>>;

/** The tokens that a picture uses. */
export const tokens = [
  "canvas",
  "surface",
  "surface-sunken",
  "line",
  "line-strong",
  "ink",
  "ink-2",
  "ink-3",
  "kind-producer",
  "kind-producer-soft",
  "kind-broker",
  "kind-broker-soft",
  "kind-service",
  "kind-service-soft",
  "kind-store",
  "kind-store-soft",
  "note",
  "edge",
  "edge-call",
  "edge-write",
  "state-rest",
] as const;

/** The colours of both themes. */
export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    canvas: "#f2f5f6",
    surface: "#ffffff",
    "surface-sunken": "#f5f8f8",
    line: "#dde5e7",
    "line-strong": "#8a999e",
    ink: "#142126",
    "ink-2": "#44565c",
    "ink-3": "#5b6d73",
    "kind-producer": "#9a5b00",
    "kind-producer-soft": "#fbf0dc",
    "kind-broker": "#00756a",
    "kind-broker-soft": "#daf1ed",
    "kind-service": "#1565b0",
    "kind-service-soft": "#e2eefa",
    "kind-store": "#96407a",
    "kind-store-soft": "#f8e8f2",
    note: "#fff6d5",
    edge: "#8fa1a7",
    "edge-call": "#6b84b0",
    "edge-write": "#a48a9c",
    "state-rest": "#b4c2c6",
  },
  dark: {
    canvas: "#0c1417",
    surface: "#162126",
    "surface-sunken": "#101a1d",
    line: "#26353b",
    "line-strong": "#64777e",
    ink: "#e7eff0",
    "ink-2": "#b3c2c7",
    "ink-3": "#91a3a9",
    "kind-producer": "#f0b057",
    "kind-producer-soft": "#352813",
    "kind-broker": "#4fd0bf",
    "kind-broker-soft": "#10332f",
    "kind-service": "#7cb8f5",
    "kind-service-soft": "#152b42",
    "kind-store": "#e39bc8",
    "kind-store-soft": "#38202f",
    note: "#37321f",
    edge: "#56686f",
    "edge-call": "#5f7bab",
    "edge-write": "#846b7c",
    "state-rest": "#4a5b61",
  },
};
