// The shape of connections in a document, by kind.

import { technologies } from "../brokers/technologies.ts";
import type { Technology } from "../brokers/technology.ts";
import { bridgeStyleIds } from "../nodes/bridge.ts";
import { callFields, readFields, writeFields } from "../nodes/connections.ts";
import { triggerFieldLists } from "../nodes/functionTriggers.ts";
import { version } from "./contractShape.ts";
import { element } from "./elementShape.ts";
import {
  bridgeFieldsOf,
  gatewayCallFields,
  publishFieldsOf,
  subscriptionCallFields,
} from "./elements.ts";
import { listMax } from "./limits.ts";
import { parameters, parametersOfAny } from "./parameterShape.ts";
import type {
  BindConnection,
  BridgeConnection,
  CallConnection,
  Connection,
  ConsumeConnection,
  PublishConnection,
  ReadConnection,
  WriteConnection,
} from "./scenario.ts";
import { stepOutcomes } from "./scenario.ts";
import { choice, described, id, list, object, optional, recordById, variants } from "./shape.ts";

const all: readonly Technology[] = Object.values(technologies);

const link = { ...element, from: id, to: id };

const contractId = described("Id of the contract of the event or request.", id);

const writtenVersion = described("Version in which it writes; absent: the newest.", version);

const after = described(
  "Only after handling one of these contracts (ids).",
  list(id, { min: 1, max: listMax.after }),
);

const step = {
  ...link,
  after: optional(after),
  on: optional(
    described(
      "Happens as long as all goes well, after a final failure, or after a refusal.",
      choice(stepOutcomes),
    ),
  ),
};

/** A connection. */
export const connection = variants<Connection>("kind", {
  publish: object<PublishConnection>({
    ...step,
    kind: choice(["publish"]),
    contract: contractId,
    contractVersion: optional(writtenVersion),
    parameters: optional(parametersOfAny(all.map((one) => publishFieldsOf(one, "service")))),
  }),
  consume: object<ConsumeConnection>({
    ...link,
    kind: choice(["consume"]),
    reads: optional(
      described(
        "Contract id → version with which it reads; absent: the newest of each.",
        recordById(version, { max: listMax.contracts }),
      ),
    ),
    parameters: optional(
      parametersOfAny([...all.map(({ consumeFields }) => consumeFields), ...triggerFieldLists]),
    ),
  }),
  bind: object<BindConnection>({
    ...link,
    kind: choice(["bind"]),
    parameters: optional(parametersOfAny(all.map((technology) => technology.bindFields))),
  }),
  bridge: object<BridgeConnection>({
    ...link,
    kind: choice(["bridge"]),
    as: optional(
      described(
        "The name under which users know such a bridge. It changes nothing in a run.",
        choice(bridgeStyleIds),
      ),
    ),
    only: optional(
      described(
        "Only these contracts (ids) go on; absent: all.",
        list(id, { min: 1, max: listMax.after }),
      ),
    ),
    // Each end has a technology of its own, so each name is looked up in the list of one technology at both ends.
    parameters: optional(parametersOfAny(all.map((one) => bridgeFieldsOf(one, one)))),
  }),
  call: object<CallConnection>({
    ...step,
    kind: choice(["call"]),
    contract: contractId,
    contractVersion: optional(writtenVersion),
    readAs: optional(
      described("Version with which the called service reads; absent: the newest.", version),
    ),
    parameters: optional(parametersOfAny([callFields, gatewayCallFields, subscriptionCallFields])),
  }),
  read: object<ReadConnection>({
    ...step,
    kind: choice(["read"]),
    parameters: optional(parameters(readFields)),
  }),
  write: object<WriteConnection>({
    ...step,
    kind: choice(["write"]),
    parameters: optional(parameters(writeFields)),
  }),
});
