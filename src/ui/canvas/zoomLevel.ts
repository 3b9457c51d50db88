// How much a card says at a zoom. The style sheet draws the levels (data-zoom), the live cards write what is drawn.

/** From near to distant: labels of lines, everything, everything in larger letters, names, larger names. */
export type ZoomLevel = "near" | "normal" | "small" | "far" | "distant";

/** The level of a zoom. */
export function zoomLevelOf(zoom: number): ZoomLevel {
  if (zoom < 0.28) return "distant";
  if (zoom < 0.4) return "far";
  if (zoom < 0.8) return "small";
  return zoom > 1.3 ? "near" : "normal";
}

/** Whether a card is its name and its state, and nothing more. */
export function isOnlyName(zoom: number): boolean {
  const level = zoomLevelOf(zoom);
  return level === "far" || level === "distant";
}
