// A list of sentences under a title, as the panels on what is modelled have them.

import styles from "./inspector.module.css";

/** Nothing where there are no lines. */
export function Bullets({
  title,
  lines,
}: {
  readonly title: string;
  readonly lines: readonly string[];
}) {
  if (lines.length === 0) return null;
  return (
    <div>
      <div className={styles["kicker"]}>{title}</div>
      <ul className={styles["bullets"]}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
