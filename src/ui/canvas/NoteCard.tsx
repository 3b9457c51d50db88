// A note on the canvas: a text that is edited where it stands, and sized by its corners.

import { type NodeProps, useReactFlow } from "@xyflow/react";
import { type KeyboardEvent, memo, type PointerEvent, useRef, useState } from "react";
import { gridPx } from "../../model/edit.ts";
import type { Note } from "../../model/grouping.ts";
import { tools } from "../../store/tools.ts";
import styles from "./canvas.module.css";
import type { NoteItem } from "./flowFrames.ts";

/** Smaller than this nothing can be read [px]. */
const least = { width: 96, height: 48 } as const;

/** A note. A new one, without text, is open for writing at once. */
export const NoteCard = memo(function NoteCard({ data, selected }: NodeProps<NoteItem>) {
  const { note } = data;
  const [isWriting, setWriting] = useState(note.text === "");
  return (
    <div className={styles["note"]} data-selected={selected} onDoubleClick={() => setWriting(true)}>
      {selected ? <Corner note={note} /> : null}
      {isWriting ? (
        <Writing
          text={note.text}
          onDone={(text) => {
            setWriting(false);
            void tools.grouping.use(({ writeNote }) => writeNote(note.id, text));
          }}
        />
      ) : (
        <p>{note.text}</p>
      )}
    </div>
  );
});

interface WritingProps {
  readonly text: string;
  readonly onDone: (text: string) => void;
}

function Writing({ text, onDone }: WritingProps) {
  const handleKey = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    event.stopPropagation();
    if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey)))
      event.currentTarget.blur();
  };
  return (
    <textarea
      className="nodrag nopan nowheel"
      aria-label="Text of the note"
      defaultValue={text}
      // Whoever begins to write is where they want to be.
      ref={(area) => area?.focus()}
      onKeyDown={handleKey}
      onBlur={(event) => onDone(event.currentTarget.value)}
    />
  );
}

/** The corner by which a note is sized. React Flow's own would come with the first load of every page. */
function Corner({ note }: { readonly note: Note }) {
  const { getZoom } = useReactFlow();
  const start = useRef<{ readonly x: number; readonly y: number } | null>(null);
  const sizeAt = (event: PointerEvent): { readonly width: number; readonly height: number } => {
    const { x, y } = start.current ?? { x: event.clientX, y: event.clientY };
    const grown = (size: number, by: number, min: number): number =>
      Math.max(min, Math.round((size + by / getZoom()) / gridPx) * gridPx);
    return {
      width: grown(note.width, event.clientX - x, least.width),
      height: grown(note.height, event.clientY - y, least.height),
    };
  };
  return (
    <span
      className={`nodrag nopan ${styles["corner"]}`}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerMove={(event) => {
        const card = event.currentTarget.parentElement;
        if (start.current === null || card === null) return;
        const { width, height } = sizeAt(event);
        card.style.width = `${width}px`;
        card.style.height = `${height}px`;
      }}
      onPointerUp={(event) => {
        const size = sizeAt(event);
        start.current = null;
        event.currentTarget.parentElement?.removeAttribute("style");
        void tools.grouping.use(({ sizeNote }) => sizeNote(note.id, size));
      }}
    />
  );
}
