// The handlers of a service as short lists of steps. A service without handlers of its own shows those that follow from its
// connections, until they are written out to be edited.

import { durations, duration, type FieldValue, isDistribution } from "../../base/fields.ts";
import { nameOf } from "../../model/elements.ts";
import { derivedHandlers, isStepConnection, type StepList } from "../../model/handlers.ts";
import type { Scenario, ServiceNode } from "../../model/scenario.ts";
import type { Handler, HandlerStep } from "../../model/handler.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { incomingContracts } from "./changes.ts";
import { FieldForm } from "./FieldForm.tsx";
import { changeHandlers, movedStep, textOf, titleOf, withSteps } from "./handlerChanges.ts";
import styles from "./inspector.module.css";
import { Section } from "./Section.tsx";
import { StepItem } from "./StepItem.tsx";

/** Handlers of a service. */
export function HandlerSection({ node }: { readonly node: ServiceNode }) {
  const scenario = useDocumentStore((state) => state.scenario);
  const { handlers } = node;
  if (handlers === undefined) return <Derived node={node} scenario={scenario} />;
  const change = (i: number, handler: Handler): void =>
    changeHandlers(node, handlers.toSpliced(i, 1, handler), "Change a handler");
  return (
    <Section
      title="Handlers"
      action={
        <Button tone="quiet" onClick={() => changeHandlers(node, undefined, "Derive the handlers")}>
          Follow the connections
        </Button>
      }
    >
      {handlers.map((handler, i) => (
        // Handlers have no ids; their position is what tells them apart.
        <div key={i} role="group" aria-label={titleOf(scenario, handler)}>
          <div className={styles["sectionHead"]}>
            <strong>{titleOf(scenario, handler)}</strong>
            <IconButton
              icon="x"
              size={13}
              label={`Remove the handler “${titleOf(scenario, handler)}”`}
              onClick={() => changeHandlers(node, handlers.toSpliced(i, 1), "Remove a handler")}
            />
          </div>
          <Steps
            node={node}
            scenario={scenario}
            handler={handler}
            onChange={(next) => change(i, next)}
          />
        </div>
      ))}
      <AddHandler node={node} scenario={scenario} handlers={handlers} />
    </Section>
  );
}

interface PartProps {
  readonly node: ServiceNode;
  readonly scenario: Scenario;
}

const listTitles = {
  steps: "",
  whenRefused: "when it is refused",
  whenFailed: "when it finally fails",
} as const;

const lists = ["steps", "whenRefused", "whenFailed"] as const;

/** What follows from the connections, as sentences. */
function Derived({ node, scenario }: PartProps) {
  const handlers = derivedHandlers(scenario, node.id);
  return (
    <Section
      title="Handlers"
      action={
        <Button
          tone="quiet"
          onClick={() => changeHandlers(node, handlers, "Write out the handlers")}
        >
          Edit as steps
        </Button>
      }
    >
      {handlers.map((handler) => {
        const isOnly = handlers.length === 1;
        const title = isOnly ? "On whatever comes" : titleOf(scenario, handler);
        return (
          <p key={title} className={styles["note"]}>
            {title}: {inWords(scenario, handler)}
          </p>
        );
      })}
    </Section>
  );
}

function inWords(scenario: Scenario, handler: Handler): string {
  return lists
    .flatMap((list) => {
      const steps = handler[list] ?? [];
      if (steps.length === 0) return [];
      const text = steps.map((step) => textOf(scenario, step)).join(" · ");
      return [list === "steps" ? text : `${listTitles[list]}: ${text}`];
    })
    .join("; ");
}

interface StepsProps extends PartProps {
  readonly handler: Handler;
  readonly onChange: (handler: Handler) => void;
}

function Steps({ node, scenario, handler, onChange }: StepsProps) {
  return (
    <>
      {lists.map((list) => {
        const steps = handler[list] ?? [];
        const put = (next: readonly HandlerStep[]): void =>
          onChange(withSteps(handler, list, next));
        return (
          <div key={list}>
            {list === "steps" || steps.length === 0 ? null : (
              <p className={styles["note"]}>{listTitles[list]}:</p>
            )}
            <ol className={styles["list"]}>
              {steps.map((step, k) => (
                <StepItem
                  key={k}
                  scenario={scenario}
                  service={node.id}
                  step={step}
                  mayUndo={list === "steps"}
                  isFirst={k === 0}
                  isLast={k === steps.length - 1}
                  onChange={(next) => put(steps.toSpliced(k, 1, next))}
                  onMove={(by) => put(movedStep(steps, k, k + by))}
                  onRemove={() => put(steps.toSpliced(k, 1))}
                />
              ))}
            </ol>
          </div>
        );
      })}
      <div className={styles["form"]}>
        <AddStep node={node} scenario={scenario} handler={handler} onChange={onChange} />
        <TimesForm handler={handler} onChange={onChange} />
      </div>
    </>
  );
}

/** Adds a step at the end of a list. */
function AddStep({ node, scenario, handler, onChange }: StepsProps) {
  const links = scenario.connections
    .filter(isStepConnection)
    .filter(({ from }) => from === node.id);
  const add = (value: string): void => {
    const [list, over = ""] = value.split(" ");
    const name: StepList | undefined = lists.find((one) => one === list);
    const link = links.find(({ id }) => id === over);
    if (name === undefined) return;
    const step: HandlerStep = link === undefined ? { do: "work" } : { do: link.kind, over };
    onChange(withSteps(handler, name, [...(handler[name] ?? []), step]));
  };
  return (
    <select
      className={controls["input"]}
      aria-label="Add a step"
      value=""
      onChange={(event) => add(event.target.value)}
    >
      <option value="">Add a step …</option>
      {lists.map((list) => (
        <optgroup key={list} label={list === "steps" ? "At the end" : listTitles[list]}>
          <option value={list}>work</option>
          {links.map(({ id, kind }) => (
            <option key={id} value={`${list} ${id}`}>
              {textOf(scenario, { do: kind, over: id })}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

/** The gap of a timer, and the longest time of an attempt. */
function TimesForm({ handler, onChange }: Pick<StepsProps, "handler" | "onChange">) {
  const { every, timeout } = handler;
  const gap = durations({
    label: "Every",
    default: { distribution: "constant", value: 1000 },
    help: "Time from one beginning to the next. When the last one still waits for a worker, one is missed.",
  });
  const limit = duration({
    label: "Timeout",
    min: 0.001,
    none: "none",
    default: null,
    help: "An attempt that takes longer fails.",
  });
  const fields = every === undefined ? { timeout: limit } : { every: gap, timeout: limit };
  const stated = {
    ...(every === undefined ? {} : { every }),
    ...(timeout === undefined ? {} : { timeout }),
  };
  const change = (name: string, value: FieldValue): void => {
    if (name === "every" && isDistribution(value)) return onChange({ ...handler, every: value });
    const { timeout: _, ...rest } = handler;
    onChange(typeof value === "number" ? { ...rest, timeout: value } : rest);
  };
  return <FieldForm fields={fields} stated={stated} onChange={change} />;
}

function AddHandler({
  node,
  scenario,
  handlers,
}: PartProps & { readonly handlers: readonly Handler[] }) {
  const handled = new Set(handlers.flatMap(({ on }) => on ?? []));
  const hasRest = handlers.some(({ on, every }) => on === undefined && every === undefined);
  const free = incomingContracts(scenario, node.id).filter((id) => !handled.has(id));
  const add = (value: string): void => {
    const steps = [{ do: "work" }] as const;
    const second = { distribution: "constant", value: 1000 } as const;
    const handler: Handler =
      value === "*"
        ? { steps }
        : value === "timer"
          ? { every: second, steps }
          : { on: [value], steps };
    changeHandlers(node, [...handlers, handler], "Add a handler");
  };
  return (
    <select
      className={controls["input"]}
      aria-label="Add a handler"
      value=""
      onChange={(event) => {
        if (event.target.value !== "") add(event.target.value);
      }}
    >
      <option value="">Add a handler …</option>
      {free.map((id) => (
        <option key={id} value={id}>
          On {nameOf(scenario, id)}
        </option>
      ))}
      {hasRest ? null : <option value="*">On whatever else comes</option>}
      <option value="timer">By itself, from time to time</option>
    </select>
  );
}
