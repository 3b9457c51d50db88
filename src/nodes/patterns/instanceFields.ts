// Fields of a service that runs as several instances: how many, who is chosen for a request, what restarts them, and how
// it is found out that one does not answer. Names and defaults of checks and restarts are those of Kubernetes
// (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle).

import { choice, count, duration, durations, type Fields } from "../../base/fields.ts";

/** Most instances of a service, also when it scales. */
export const instancesMax = 100;

const ifInstances = { field: "instances", isNot: [null] };
const ifRestarts = { field: "restartPolicy", is: ["always"] };
const ifChecked = [ifInstances, { field: "healthChecks", isNot: ["none"] }];

/** Fields of instances and of their health checks. */
export const instanceFields = {
  instances: count({
    label: "Instances",
    min: 1,
    max: instancesMax,
    none: "not divided",
    default: null,
    help: "Machines or pods with so many workers each, that crash, start and are chosen one by one. Autoscaling then counts instances.",
    group: "Instances",
  }),
  balancing: choice({
    label: "Load balancer",
    options: [
      { value: "round robin", label: "Round robin" },
      { value: "least", label: "Least in progress" },
      { value: "two", label: "The better of two at random" },
    ],
    default: "round robin",
    help: "Which instance gets a request. Messages go to the worker that their broker chooses.",
    group: "Instances",
    onlyIf: ifInstances,
  }),
  bootTime: durations({
    label: "Instance start-up",
    default: { distribution: "constant", value: 0 },
    help: "From the start of an instance until it takes anything.",
    group: "Instances",
    onlyIf: ifInstances,
  }),
  restartPolicy: choice({
    label: "Restart policy",
    options: [
      { value: "never", label: "Never: until it is told to" },
      { value: "always", label: "Always, with back-off" },
    ],
    default: "never",
    help: "Whether a crashed instance starts again by itself: at once the first time, then after growing waits.",
    group: "Instances",
    onlyIf: ifInstances,
  }),
  restartBackoff: duration({
    label: "Restart back-off",
    min: 1,
    default: 10_000,
    help: "Wait before the second restart in a row, doubled each time. After ten minutes without a crash it begins anew.",
    group: "Instances",
    onlyIf: [ifInstances, ifRestarts],
  }),
  restartBackoffMax: duration({
    label: "Longest restart back-off",
    min: 1,
    default: 300_000,
    help: "The wait before a restart never grows beyond this.",
    group: "Instances",
    onlyIf: [ifInstances, ifRestarts],
  }),
  crashesEvery: duration({
    label: "Crashes by itself after",
    min: 1,
    none: "never",
    default: null,
    help: "Mean time that an instance runs until it crashes of its own accord (exponential).",
    group: "Instances",
    onlyIf: ifInstances,
  }),
  crashesAfter: count({
    label: "Leaks memory for",
    min: 1,
    none: "no leak",
    default: null,
    help: "An instance crashes when it has taken so many messages and requests since its start.",
    group: "Instances",
    onlyIf: ifInstances,
  }),
  healthChecks: choice({
    label: "Health checks",
    options: [
      { value: "none", label: "None" },
      { value: "readiness", label: "Readiness: no requests while failing" },
      { value: "liveness", label: "Liveness: restart when failing" },
      { value: "both", label: "Both" },
    ],
    default: "none",
    help: "What follows when an instance does not answer its checks. Without readiness checks the load balancer goes on sending requests to a dead instance.",
    group: "Health checks",
    onlyIf: ifInstances,
  }),
  checks: choice({
    label: "Checks",
    options: [
      { value: "itself", label: "The instance itself" },
      { value: "dependencies", label: "Also what it calls" },
    ],
    default: "itself",
    help: "Whether a check also fails while a called service is down. Then one outage takes out every instance at once.",
    group: "Health checks",
    onlyIf: ifChecked,
  }),
  checkPeriod: duration({
    label: "periodSeconds",
    min: 1,
    default: 10_000,
    help: "Time between two checks.",
    group: "Health checks",
    onlyIf: ifChecked,
  }),
  checkTimeout: duration({
    label: "timeoutSeconds",
    min: 1,
    default: 1000,
    help: "How long a check waits for a paused instance before it counts as failed; who is down refuses at once.",
    group: "Health checks",
    onlyIf: ifChecked,
  }),
  failureThreshold: count({
    label: "failureThreshold",
    min: 1,
    max: 1000,
    default: 3,
    help: "Failed checks in a row until an instance counts as failing.",
    group: "Health checks",
    onlyIf: ifChecked,
  }),
  successThreshold: count({
    label: "successThreshold",
    min: 1,
    max: 1000,
    default: 1,
    help: "Passed checks in a row until an instance counts as ready again.",
    group: "Health checks",
    onlyIf: [ifInstances, { field: "healthChecks", is: ["readiness", "both"] }],
  }),
} as const satisfies Fields;
