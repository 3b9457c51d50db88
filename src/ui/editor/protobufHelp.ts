// Completion and hovers for Protobuf in Monaco: keywords, scalar types with their meaning on the wire, and the messages
// and enums of the file. Source: Protocol Buffers language guide (proto 3).

import type * as monaco from "monaco-editor/editor/editor.api.js";

/** Scalar types and what they are for. */
const scalars: Readonly<Record<string, string>> = {
  double: "64 bits, a floating-point number.",
  float: "32 bits, a floating-point number.",
  int32: "Whole number of variable length; negative ones take ten bytes, use sint32 for them.",
  int64: "Whole number of variable length; negative ones take ten bytes, use sint64 for them.",
  uint32: "Whole number without sign, of variable length.",
  uint64: "Whole number without sign, of variable length.",
  sint32: "Whole number of variable length, short for negative ones too (zigzag).",
  sint64: "Whole number of variable length, short for negative ones too (zigzag).",
  fixed32: "Always four bytes; shorter than uint32 for numbers above 2^28.",
  fixed64: "Always eight bytes; shorter than uint64 for numbers above 2^56.",
  sfixed32: "Always four bytes, with sign.",
  sfixed64: "Always eight bytes, with sign.",
  bool: "True or false.",
  string: "Text in UTF-8.",
  bytes: "Any bytes.",
};

const keywords: Readonly<Record<string, string>> = {
  message: "A structure with numbered fields.",
  enum: "A choice of named numbers; the first one must be 0 in proto 3.",
  oneof: "At most one of these fields is there.",
  repeated: "A list.",
  optional: "It is known whether the field is there.",
  map: "A map: map<string, int32>.",
  reserved: "Numbers and names that nobody may use again.",
  syntax: 'The version of the language: syntax = "proto3";',
  package: "The package of the messages.",
  import: "Other files; only what is in this text is known here.",
  option: "An option.",
};

const declaration = /\b(?:message|enum)\s+([A-Za-z_]\w*)/gu;

/** Registers the help. */
export function helpWithProtobuf(languages: typeof monaco.languages): void {
  languages.registerCompletionItemProvider("proto", {
    provideCompletionItems: (model, position) => {
      const word = model.getWordUntilPosition(position);
      const range = {
        startLineNumber: position.lineNumber,
        endLineNumber: position.lineNumber,
        startColumn: word.startColumn,
        endColumn: word.endColumn,
      };
      const offered = (kind: monaco.languages.CompletionItemKind) => (name: string) => ({
        label: name,
        kind,
        insertText: name,
        range,
        ...(meaningOf(name) !== undefined && { documentation: meaningOf(name)! }),
      });
      const { Keyword, Struct } = languages.CompletionItemKind;
      const own = [...model.getValue().matchAll(declaration)].map(([, name]) => name!);
      return {
        suggestions: [
          ...[...Object.keys(scalars), ...Object.keys(keywords)].map(offered(Keyword)),
          ...[...new Set(own)].map(offered(Struct)),
        ],
      };
    },
  });
  languages.registerHoverProvider("proto", {
    provideHover: (model, position) => {
      const word = model.getWordAtPosition(position)?.word;
      const meaning = word === undefined ? undefined : meaningOf(word);
      return meaning === undefined ? null : { contents: [{ value: `**${word}**: ${meaning}` }] };
    },
  });
}

function meaningOf(word: string): string | undefined {
  const tables = [scalars, keywords];
  return tables.find((table) => Object.hasOwn(table, word))?.[word];
}
