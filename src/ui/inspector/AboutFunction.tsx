// What is modelled of the platform of a function, for its inspector.

import { type FunctionPlatform, functionPlatforms } from "../../nodes/function.ts";
import { functionManuals } from "../../nodes/functionManual.ts";
import { Bullets } from "./Bullets.tsx";
import styles from "./inspector.module.css";

/** A section that opens. */
export function AboutFunction({ platform }: { readonly platform: FunctionPlatform }) {
  const { version, modelled, simplified, notModelled, sources } = functionManuals[platform];
  return (
    <section className={styles["section"]}>
      <details>
        <summary className={styles["summary"]}>
          What is modelled of {functionPlatforms[platform]} {version}
        </summary>
        <div className={styles["form"]}>
          <Bullets title="Modelled" lines={modelled} />
          <Bullets title="Simplified" lines={simplified} />
          <Bullets title="Not modelled" lines={notModelled} />
          <Bullets title="Sources" lines={sources} />
        </div>
      </details>
    </section>
  );
}
