// Monaco with what an editor of schemas needs and nothing else. Import it lazily: it is by far the largest part of the
// page. Problems come from our own check, so that page, terminal and tests say the same; the worker helps with completion.

import * as monaco from "monaco-editor/editor/editor.api.js";
import EditorWorker from "monaco-editor/editor/editor.worker.js?worker";
import "monaco-editor/features/bracketMatching/register.js";
import "monaco-editor/features/clipboard/register.js";
import "monaco-editor/features/codicon/register.js";
import "monaco-editor/features/find/register.js";
import "monaco-editor/features/folding/register.js";
import "monaco-editor/features/format/register.js";
import "monaco-editor/features/gotoError/register.js";
import "monaco-editor/features/hover/register.js";
import "monaco-editor/editor/contrib/suggest/browser/suggestController.js";
import "monaco-editor/features/toggleTabFocusMode/register.js";
import JsonWorker from "monaco-editor/languages/features/json/json.worker.js?worker";
import { jsonDefaults } from "monaco-editor/languages/features/json/register.js";
import "monaco-editor/languages/definitions/protobuf/register.js";
import "monaco-editor/languages/definitions/yaml/register.js";
import { schemaOfAvro } from "../../schemas/avro/schemaOfAvro.ts";
import { schemaOfSchemas } from "../../schemas/json/schemaOfSchemas.ts";
import type { PlacedProblem } from "../../schemas/placedProblem.ts";
import { helpWithProtobuf } from "./protobufHelp.ts";
import type { TextKind } from "./textKinds.ts";

/** What an editor is made with. */
export interface CodeEditorOptions {
  readonly kind: TextKind;
  readonly text: string;
  /** Accessible name. */
  readonly label: string;
  readonly isReadOnly: boolean;
  readonly onChange: (text: string) => void;
}

/** A code editor inside an element of the page. */
export interface CodeEditor {
  /** Puts another text in place of the present one, unless it is the same. */
  setText(text: string): void;
  setProblems(problems: readonly PlacedProblem[]): void;
  /** Puts the cursor at a place (both from 1) and the focus into the editor. */
  show(line: number, column: number): void;
  dispose(): void;
}

const markerOwner = "spillway";

self.MonacoEnvironment = {
  getWorker: (_id, label) => (label === "json" ? new JsonWorker() : new EditorWorker()),
};

jsonDefaults.setDiagnosticsOptions({
  validate: false,
  enableSchemaRequest: false,
  schemas: [
    { uri: "spillway:/json-schema", fileMatch: ["*.json-schema"], schema: schemaOfSchemas() },
    { uri: "spillway:/avro", fileMatch: ["*.avro"], schema: schemaOfAvro() },
  ],
});
helpWithProtobuf(monaco.languages);

async function helpWith(kind: TextKind, text: string): Promise<void> {
  if (!kind.startsWith("asyncapi")) return;
  const version = /^\s*["']?asyncapi["']?\s*:\s*["']?(?<version>\d+\.\d+\.\d+)/mu.exec(text);
  const { helpWithAsyncapi } = await import("./asyncapiHelp.ts");
  await helpWithAsyncapi(version?.groups?.["version"] ?? "", text);
}

const languageOf: Readonly<Record<TextKind, string>> = {
  "json-schema": "json",
  avro: "json",
  protobuf: "proto",
  json: "json",
  "asyncapi-yaml": "yaml",
  "asyncapi-json": "json",
};

let lastModel = 0;

// The end of its address says which schema helps with it.
function createModel(kind: TextKind, text: string): monaco.editor.ITextModel {
  const uri = monaco.Uri.parse(`spillway:/texts/${++lastModel}.${kind}`);
  return monaco.editor.createModel(text, languageOf[kind], uri);
}

const look = {
  automaticLayout: true,
  fixedOverflowWidgets: true,
  fontSize: 12.5,
  lineNumbersMinChars: 3,
  minimap: { enabled: false },
  padding: { top: 8, bottom: 8 },
  renderLineHighlight: "line",
  scrollBeyondLastLine: false,
  stickyScroll: { enabled: false },
  // Tab leaves the editor, as everywhere on the page; Ctrl+M changes that.
  tabFocusMode: true,
} as const;

/** Shows what changed between two texts inside `host`: side by side where there is room. Returns how to end it. */
export function createDiffView(
  host: HTMLElement,
  {
    kind,
    before,
    after,
    label,
  }: { readonly [Part in "before" | "after" | "label"]: string } & { readonly kind: TextKind },
): () => void {
  const models = { original: createModel(kind, before), modified: createModel(kind, after) };
  const editor = monaco.editor.createDiffEditor(host, {
    ...look,
    readOnly: true,
    originalAriaLabel: `${label}, before`,
    modifiedAriaLabel: `${label}, after`,
    renderSideBySide: true,
    useInlineViewWhenSpaceIsLimited: true,
    renderSideBySideInlineBreakpoint: 640,
    renderOverviewRuler: false,
    hideUnchangedRegions: { enabled: true },
  });
  editor.setModel(models);
  const stopFollowing = followTheme();
  return () => {
    stopFollowing();
    editor.dispose();
    models.original.dispose();
    models.modified.dispose();
  };
}

/** Makes an editor that fills `host`. It follows the theme of the page until it is disposed. */
export function createCodeEditor(host: HTMLElement, options: CodeEditorOptions): CodeEditor {
  const model = createModel(options.kind, options.text);
  model.updateOptions({ tabSize: 2 });
  const editor = monaco.editor.create(host, {
    ...look,
    model,
    ariaLabel: options.label,
    readOnly: options.isReadOnly,
    domReadOnly: options.isReadOnly,
  });
  // Without help one can still write.
  helpWith(options.kind, options.text).catch(() => undefined);
  const stopFollowing = followTheme();
  const listening = model.onDidChangeContent(() => options.onChange(model.getValue()));
  return {
    setText: (text) => {
      if (text !== model.getValue()) replaceText(model, text);
    },
    setProblems: (problems) =>
      monaco.editor.setModelMarkers(
        model,
        markerOwner,
        problems.map((problem) => markerOf(model, problem)),
      ),
    show: (lineNumber, column) => {
      editor.setPosition({ lineNumber, column });
      editor.revealPositionInCenterIfOutsideViewport({ lineNumber, column });
      editor.focus();
    },
    dispose: () => {
      listening.dispose();
      stopFollowing();
      editor.dispose();
      model.dispose();
    },
  };
}

// As an edit rather than `setValue`, so that the editor's own undo survives.
function replaceText(model: monaco.editor.ITextModel, text: string): void {
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
}

function markerOf(
  model: monaco.editor.ITextModel,
  { span, severity, message, code }: PlacedProblem,
): monaco.editor.IMarkerData {
  const start = model.getPositionAt(span.start);
  const end = model.getPositionAt(Math.max(span.end, span.start + 1));
  return {
    severity: severity === "error" ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
    message,
    code,
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
  };
}

function followTheme(): () => void {
  const root = document.documentElement;
  const apply = () => {
    const isDark = root.dataset["theme"] === "dark";
    const name = isDark ? "spillway-dark" : "spillway-light";
    const surface = getComputedStyle(root).getPropertyValue("--surface-raised").trim();
    const isHex = /^#[0-9a-f]{6}$/iu.test(surface);
    monaco.editor.defineTheme(name, {
      base: isDark ? "vs-dark" : "vs",
      inherit: true,
      rules: [],
      colors: isHex ? { "editor.background": surface } : {},
    });
    monaco.editor.setTheme(name);
  };
  apply();
  const observer = new MutationObserver(apply);
  observer.observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}
