// Who has to do with an event, from left to right as it flows: who writes it, through what it goes, who reads it, and
// which version each speaks. A click on a name shows it on the canvas.

import { danglingOf, type Speaker, type Usage } from "../../contracts/usage.ts";
import { withSpoken } from "../../contracts/speaking.ts";
import { versionsOf } from "../../model/contracts.ts";
import type { Contract } from "../../model/scenario.ts";
import { canvas } from "../../store/canvasPort.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { useSessionStore } from "../../store/sessionStore.ts";
import controls from "../controls/controls.module.css";
import styles from "./contracts.module.css";

interface UseTabProps {
  readonly contract: Contract;
  readonly usage: Usage;
}

/** The use of one contract. */
export function UseTab({ contract, usage }: UseTabProps) {
  const { writers, channels, readers } = usage;
  const dangling = danglingOf(usage);
  return (
    <div className={styles["uses"]}>
      {dangling === undefined ? null : (
        <p className={styles["dangling"]}>
          {dangling === "unused"
            ? "Nobody sends it. Choose it when you connect a producer or a service to a broker."
            : "Nobody reads it. Connect its channel to a service that consumes it."}
        </p>
      )}
      <div className={styles["flow"]}>
        <Speakers
          title="Written by"
          nobody="nobody"
          speakers={writers}
          contract={contract}
          does={({ isRequest }) => (isRequest ? "asks" : "publishes")}
        />
        <section className={styles["flowPart"]} aria-label="Through">
          <h4>Through</h4>
          {channels.length === 0 ? (
            <p className={styles["help"]}>no channel</p>
          ) : (
            <ul>
              {channels.map(({ id, name }) => (
                <li key={id} className={styles["speaker"]}>
                  <Place id={id} name={name} />
                </li>
              ))}
            </ul>
          )}
        </section>
        <Speakers
          title="Read by"
          nobody="nobody"
          speakers={readers}
          contract={contract}
          does={({ isRequest }) => (isRequest ? "answers" : "consumes")}
        />
      </div>
    </div>
  );
}

interface SpeakersProps {
  readonly title: string;
  readonly nobody: string;
  readonly speakers: readonly Speaker[];
  readonly contract: Contract;
  readonly does: (speaker: Speaker) => string;
}

function Speakers({ title, nobody, speakers, contract, does }: SpeakersProps) {
  const versions = versionsOf(contract).toReversed();
  return (
    <section className={styles["flowPart"]} aria-label={title}>
      <h4>{title}</h4>
      {speakers.length === 0 ? <p className={styles["help"]}>{nobody}</p> : null}
      <ul>
        {speakers.map((speaker) => (
          <li key={`${speaker.connection} ${speaker.node}`} className={styles["speaker"]}>
            <Place id={speaker.connection} name={speaker.name} />
            <span className={styles["help"]}>{does(speaker)}</span>
            {versions.length === 1 ? null : (
              <select
                className={controls["input"]}
                aria-label={`Version that ${speaker.name} ${does(speaker)}`}
                value={speaker.version ?? ""}
                onChange={({ target }) => speak(contract, speaker, target.value)}
              >
                <option value="">newest</option>
                {versions.map(({ contractVersion }) => (
                  <option key={contractVersion} value={contractVersion}>
                    {contractVersion}
                  </option>
                ))}
              </select>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function speak(contract: Contract, { connection, name }: Speaker, version: string): void {
  const { scenario, commit } = useDocumentStore.getState();
  commit(
    withSpoken(scenario, connection, contract.id, version === "" ? undefined : version),
    `${name} speaks ${version === "" ? "the newest version" : version} of ${contract.name}`,
  );
}

function Place({ id, name }: { readonly id: string; readonly name: string }) {
  return (
    <button
      type="button"
      className={styles["placeLink"]}
      onClick={() => {
        useSessionStore.getState().select([id]);
        canvas().centreOn(id);
      }}
    >
      {name}
    </button>
  );
}
