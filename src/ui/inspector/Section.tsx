// A part of an inspector.

import type { ReactNode } from "react";
import styles from "./inspector.module.css";

interface SectionProps {
  readonly title?: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A part of an inspector under a heading. */
export function Section({ title, action, children }: SectionProps) {
  return (
    <section className={styles["section"]} aria-label={title}>
      {title === undefined ? null : (
        <div className={styles["sectionHead"]}>
          <h3>{title}</h3>
          {action}
        </div>
      )}
      {children}
    </section>
  );
}
