// A note on the canvas: a text that is edited where it stands, and sized by its corners.

import { NodeResizer, type NodeProps } from "@xyflow/react";
import { type KeyboardEvent, memo, useState } from "react";
import { gridPx } from "../../model/edit.ts";
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
      <NodeResizer
        isVisible={selected}
        minWidth={least.width}
        minHeight={least.height}
        color="var(--accent)"
        onResizeEnd={(_, box) =>
          void tools.grouping.use(({ sizeNote }) => sizeNote(note.id, onGrid(box)))
        }
      />
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

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function onGrid({ x, y, width, height }: Box): Box {
  const snap = (size: number): number => Math.round(size / gridPx) * gridPx;
  return { x: snap(x), y: snap(y), width: snap(width), height: snap(height) };
}
