// A small mark per technology, drawn for Spillway (nobody's trademark): two letters on the broker's colour.

import { join } from "../controls/Button.tsx";
import styles from "./canvas.module.css";

const letters: Readonly<Record<string, string>> = { kafka: "Ka", rabbitmq: "Rq" };

/** The mark of a technology. */
export function TechnologyMark({ technology }: { readonly technology: string }) {
  const text = letters[technology] ?? technology.slice(0, 2);
  return (
    <span className={join(styles["icon"], styles["mark"])} aria-hidden="true">
      {text}
    </span>
  );
}
