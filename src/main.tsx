// The only file that knows everybody: it builds the page, connects the run with the worker, and decides which
// document to open: the one in the link, else what was open last, else the first example.

import "./ui/theme/tokens.css";
import "./ui/theme/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeKnown } from "./brokers/index.ts";
import { kafka } from "./brokers/kafka/kafka.ts";
import { foodDelivery } from "./scenarios/foodDelivery.ts";
import { loadScenario } from "./scenarios/loadScenario.ts";
import { openAsNew, openExample, openStored, refuse } from "./store/commands/documents.ts";
import { useDocumentStore } from "./store/documentStore.ts";
import { browserStorage, listDocuments, startAutosave } from "./store/persistence.ts";
import { watchOtherTabs } from "./store/otherTabs.ts";
import { startChecking } from "./store/checking.ts";
import { firstTouch } from "./store/firstTouch.ts";
import { connectImports } from "./store/importStart.ts";
import { connectReplications } from "./store/replicationStart.ts";
import { connectWholeRuns } from "./store/twinStart.ts";
import { connectRun } from "./store/runStore.ts";
import { keepSession, phoneSession, useSessionStore } from "./store/sessionStore.ts";
import { App } from "./ui/app/App.tsx";
import { followTheme } from "./ui/theme/theme.ts";
import { loadTools } from "./ui/app/loadTools.ts";
import type { SimulationApi } from "./worker/api.ts";
import { createLateSimulation } from "./worker/lateSimulation.ts";

/** Opens the document of the link in the address; tells whether there was one that could be opened. */
async function openLink(): Promise<boolean> {
  if (location.hash.length < 2) return false;
  // Loaded only for those who come by a link.
  const { decodeLink } = await import("./share/codec.ts");
  const decoded = decodeLink(location.hash);
  if (!decoded.ok) {
    refuse("The link cannot be opened; nothing was changed.", decoded.failure);
    return false;
  }
  openAsNew(decoded.value);
  // The document is the person's own from now on; the address must not bring the old one back.
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}

async function openFirst(): Promise<void> {
  const { lastDocument } = useSessionStore.getState();
  const [kind, id = ""] = lastDocument.split("/");
  const example = kind === "example" ? await loadScenario(id) : undefined;
  const stored = example === undefined ? await listDocuments(browserStorage) : [];
  const last = stored.find(({ key }) => key === lastDocument) ?? stored[0];
  if (last !== undefined && (await openStored(last.key))) return;
  openExample(example ?? foodDelivery);
}

/** The worker is started by the first run; its client comes with the first touch. */
async function loadSimulation(): Promise<SimulationApi> {
  const { createSimulationClient } = await import("./worker/client.ts");
  return createSimulationClient();
}

async function start(root: HTMLElement): Promise<void> {
  // All that the first example needs. Whatever brings another document brings the other technologies along.
  makeKnown([kafka]);
  const session = useSessionStore.getState();
  keepSession(() => localStorage, matchMedia("(width < 700px)").matches ? phoneSession : {});
  followTheme();
  const tabs = watchOtherTabs(
    new BroadcastChannel("spillway"),
    () => useDocumentStore.getState().key,
    () =>
      session.notify(
        "failure",
        "Another tab has changed this document too. What is saved last wins: duplicate it to keep both.",
      ),
  );
  const autosave = startAutosave(
    browserStorage,
    (sentence) => session.notify("failure", sentence),
    (key) => {
      tabs.saved(key);
      // An example that was changed comes back with its changes.
      if (key === useDocumentStore.getState().key) session.set({ lastDocument: key });
    },
  );
  // What comes by a link is kept at once: the address forgets it.
  if (!(await openLink())) await openFirst();
  addEventListener("pagehide", () => void autosave.flush());
  addEventListener("hashchange", () => void openLink());
  // Fired by what Vite puts around every import of a part that is loaded later.
  addEventListener("vite:preloadError", () =>
    session.notify(
      "failure",
      "A part of Spillway could not be loaded. Your document is safe: check the connection and try again, or reload the page.",
    ),
  );
  connectRun({
    simulation: createLateSimulation(loadSimulation),
    scenario: () => useDocumentStore.getState().scenario,
    onScenarioChange: (changed) => useDocumentStore.subscribe(changed),
    onOpen: (opened) =>
      useDocumentStore.subscribe((state, before) => {
        if (state.key !== before.key) opened();
      }),
    commit: (after, title) => useDocumentStore.getState().commit(after, title),
  });
  connectReplications(async () => (await import("./worker/pool.ts")).startReplications);
  connectWholeRuns(async () => (await import("./worker/wholeRuns.ts")).startWholeRuns);
  connectImports(async () => (await import("./worker/importing.ts")).startImport);
  startChecking(firstTouch());
  void firstTouch().then(async () => Promise.all([loadTools(), import("./worker/client.ts")]));
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root !== null) void start(root);
