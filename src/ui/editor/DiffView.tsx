// What changed between two texts: Monaco once its chunk is there, both texts below each other where it fails to load.

import { useEffect, useRef, useState } from "react";
import styles from "./editor.module.css";
import type { TextKind } from "./textKinds.ts";

interface DiffViewProps {
  readonly kind: TextKind;
  readonly before: string;
  readonly after: string;
  /** Accessible name. */
  readonly label: string;
}

/** Two texts with their differences marked. */
export function DiffView({ kind, before, after, label }: DiffViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const [isPlain, setPlain] = useState(false);
  useEffect(() => {
    let end: (() => void) | undefined;
    let isGone = false;
    const start = async () => {
      const { createDiffView } = await import("./codeEditor.ts");
      if (isGone || host.current === null) return;
      end = createDiffView(host.current, { kind, before, after, label });
    };
    start().catch(() => setPlain(true));
    return () => {
      isGone = true;
      end?.();
    };
  }, [kind, before, after, label]);
  if (isPlain)
    return (
      <section className={styles["plainDiff"]} aria-label={label}>
        <pre>{before}</pre>
        <pre>{after}</pre>
      </section>
    );
  return <div ref={host} className={styles["diff"]} data-editor="diff" />;
}
