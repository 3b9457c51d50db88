// The inspector of a bridge: what it is called, which events it carries, its own parameters and those at both its ends.

import type { FieldValue } from "../../base/fields.ts";
import { bridgingOf } from "../../model/bridges.ts";
import { fieldsOf, nameOf, technologyOf } from "../../model/elements.ts";
import { isEqual } from "../../model/equal.ts";
import type { BridgeConnection, Scenario } from "../../model/scenario.ts";
import { bridgeStyleIds } from "../../nodes/bridge.ts";
import { bridgeStyles } from "../../nodes/bridgeStyles.ts";
import { sideOf } from "../../nodes/sideFields.ts";
import controls from "../controls/controls.module.css";
import { changeConnection } from "./changes.ts";
import styles from "./inspector.module.css";
import { LiveActions, ParameterSection } from "./parts.tsx";
import { Section } from "./Section.tsx";

interface BridgeProps {
  readonly bridge: BridgeConnection;
  readonly scenario: Scenario;
}

const isOwn = (name: string): boolean => sideOf(name) === undefined;
const isSource = (name: string): boolean => sideOf(name)?.side === "source";
const isTarget = (name: string): boolean => sideOf(name)?.side === "target";

/** The sections of a bridge. */
export function BridgeSections({ bridge, scenario }: BridgeProps) {
  const { id, from, to } = bridge;
  const at = (channel: string): string => technologyOf(scenario, channel)?.label ?? "?";
  return (
    <>
      <LiveActions id={id} />
      <Section title="Bridge">
        <StyleLine bridge={bridge} scenario={scenario} />
      </Section>
      <CarriedSection bridge={bridge} scenario={scenario} />
      <ParameterSection id={id} title="Its tasks" isPart={isOwn} />
      <ParameterSection id={id} title={`At the source: ${at(from)}`} isPart={isSource} />
      <ParameterSection id={id} title={`At the target: ${at(to)}`} isPart={isTarget} />
    </>
  );
}

/** What it is called. Choosing a name fills in its parameters. */
function StyleLine({ bridge, scenario }: BridgeProps) {
  const { id, as } = bridge;
  return (
    <div className={styles["field"]} data-wide="true">
      <label className={styles["fieldLabel"]} htmlFor={`${id}-as`}>
        Known as
      </label>
      <select
        id={`${id}-as`}
        className={controls["input"]}
        value={as ?? ""}
        onChange={(event) => {
          const next = bridgeStyleIds.find((style) => style === event.target.value);
          changeConnection(withStyle(scenario, bridge, next), "Choose the kind of bridge");
        }}
      >
        <option value="">Bridge</option>
        {bridgeStyleIds.map((style) => (
          <option key={style} value={style}>
            {bridgeStyles[style].label}
          </option>
        ))}
      </select>
      {as === undefined ? null : <p className={styles["hint"]}>{bridgeStyles[as].help}</p>}
    </div>
  );
}

/** The bridge under another name: what its old name had filled in goes, what the new one fills in comes. */
function withStyle(
  scenario: Scenario,
  bridge: BridgeConnection,
  style: BridgeConnection["as"],
): BridgeConnection {
  const { as: before, parameters: stated = {}, ...rest } = bridge;
  const fields = fieldsOf(scenario, bridge.id);
  const old = before === undefined ? {} : bridgeStyles[before].fills;
  const parameters: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(stated))
    if (!isEqual(old[name], value)) parameters[name] = value;
  for (const [name, value] of Object.entries(style === undefined ? {} : bridgeStyles[style].fills))
    if (Object.hasOwn(fields, name)) parameters[name] = value;
  return {
    ...rest,
    ...(style === undefined ? {} : { as: style }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  };
}

function CarriedSection({ bridge, scenario }: BridgeProps) {
  const { only, ...unrestricted } = bridge;
  const all = [...(bridgingOf(scenario).arriving.get(bridge.id) ?? [])];
  const coming = scenario.contracts.map(({ id }) => id).filter((id) => all.includes(id));
  const listed = [...new Set([...coming, ...(only ?? [])])];
  if (listed.length === 0) return null;
  const toggle = (contract: string, isChosen: boolean): void => {
    const chosen = (only ?? coming).filter((id) => id !== contract);
    const next = isChosen ? [...chosen, contract] : chosen;
    const isAll = next.length === 0 || coming.every((id) => next.includes(id));
    changeConnection(isAll ? unrestricted : { ...bridge, only: next }, "Choose what is carried");
  };
  return (
    <Section title="Carries">
      <div className={styles["checks"]}>
        {listed.map((id) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={only === undefined || only.includes(id)}
              onChange={(event) => toggle(id, event.target.checked)}
            />
            {nameOf(scenario, id)}
          </label>
        ))}
      </div>
    </Section>
  );
}
