// A small mark per technology.

import { markOf } from "../../drawing/technologyMark.ts";
import { join } from "../controls/Button.tsx";
import styles from "./canvas.module.css";

/** The mark of a technology. */
export function TechnologyMark({ technology }: { readonly technology: string }) {
  return (
    <span className={join(styles["icon"], styles["mark"])} aria-hidden="true">
      <svg viewBox="0 0 24 24" width={20} height={20} className={styles["markPath"]}>
        <path d={markOf(technology)} />
      </svg>
    </span>
  );
}
