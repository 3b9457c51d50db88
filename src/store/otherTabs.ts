// The same document open in two tabs: whoever saves last wins, so the other one has to know.

/** How tabs of one browser talk to each other; `BroadcastChannel` fits. */
export interface TabChannel {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void;
}

/** Tells other tabs of every saved document, and calls back once per document when another tab saves the open one. */
export function watchOtherTabs(
  channel: TabChannel,
  openKey: () => string,
  onConflict: () => void,
): { readonly saved: (key: string) => void } {
  const told = new Set<string>();
  channel.addEventListener("message", ({ data }) => {
    if (data !== openKey() || told.has(openKey())) return;
    told.add(openKey());
    onConflict();
  });
  return { saved: (key) => channel.postMessage(key) };
}
