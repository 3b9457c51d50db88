// Copy and paste as text through the clipboard of the system, so that parts travel between tabs and into editors.
// Where the browser refuses, a copy in memory serves this tab.

/** The text clipboard; `navigator.clipboard` fits. */
export interface TextClipboard {
  readText(): Promise<string>;
  writeText(text: string): Promise<void>;
}

let memory = "";

/** Puts a text on the clipboard. "memory": only this tab can paste it. */
export async function writeClipboard(
  text: string,
  system: TextClipboard | undefined,
): Promise<"system" | "memory"> {
  memory = text;
  try {
    if (system === undefined) return "memory";
    await system.writeText(text);
    return "system";
  } catch {
    return "memory";
  }
}

/** The text on the clipboard; what was copied last in this tab where the browser does not say. */
export async function readClipboard(system: TextClipboard | undefined): Promise<string> {
  try {
    const text = system === undefined ? "" : await system.readText();
    return text === "" ? memory : text;
  } catch {
    return memory;
  }
}
