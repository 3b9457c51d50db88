// A small mark per technology.

import { markOf } from "../../drawing/technologyMark.ts";
import { join } from "../controls/Button.tsx";
import styles from "./canvas.module.css";

/** The mark of a technology. */
export function TechnologyMark({ technology }: { readonly technology: string }) {
  return (
    <span className={join(styles["icon"], styles["mark"])} aria-hidden="true">
      {markOf(technology)}
    </span>
  );
}
