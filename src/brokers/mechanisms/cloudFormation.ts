// Templates of AWS CloudFormation, and a container of LocalStack that sets one up when it starts: what the deployments of
// services of AWS have in common.

import type { ComposePart, Deployed } from "../deployment.ts";

/** The image in which services of AWS can be tried out. */
const image = "localstack/localstack:4.9";

/** A template in the making: resources by logical names, and what has to be filled in. */
export interface Template {
  readonly resources: Readonly<Record<string, object>>;
  readonly parameters: Readonly<Record<string, object>>;
  readonly remarks: readonly string[];
}

/** Logical names: letters and digits, unlike each other. */
export function logicalNames(): (kind: string, name: string) => string {
  const taken = new Set<string>();
  return (kind, name) => {
    const words = name.split(/[^A-Za-z0-9]+/u).filter((word) => word !== "");
    const base = `${kind}${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}`;
    let chosen = base.slice(0, 200);
    for (let next = 2; taken.has(chosen); next++) chosen = `${base.slice(0, 200)}${next}`;
    taken.add(chosen);
    return chosen;
  };
}

/** A standard or FIFO queue for dead letters, with its times [s]. */
export function queueResource(
  name: string,
  times: { readonly visibilityMs: number; readonly retentionMs: number; readonly isFifo: boolean },
): object {
  return {
    Type: "AWS::SQS::Queue",
    Properties: {
      QueueName: times.isFifo ? `${name}.fifo` : name,
      ...(times.isFifo && { FifoQueue: true }),
      VisibilityTimeout: Math.round(times.visibilityMs / 1000),
      MessageRetentionPeriod: Math.round(times.retentionMs / 1000),
    },
  };
}

/** A policy that lets a service of AWS put messages into queues. */
export function queuePolicy(queues: readonly string[], service: string): object {
  return {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: queues.map((queue) => ({ Ref: queue })),
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: queues.map((queue) => ({
          Effect: "Allow",
          Principal: { Service: service },
          Action: "sqs:SendMessage",
          Resource: { "Fn::GetAtt": [queue, "Arn"] },
        })),
      },
    },
  };
}

/** The file of a template; none without resources. */
export function templateFiles({ resources, parameters, remarks }: Template): Deployed {
  if (Object.keys(resources).length === 0) return { files: [], remarks };
  const hasParameters = Object.keys(parameters).length > 0;
  const json = {
    AWSTemplateFormatVersion: "2010-09-09",
    ...(hasParameters && { Parameters: parameters }),
    Resources: resources,
  };
  return { files: [{ name: "template.json", json }], remarks };
}

/** A container that sets a template up when it is ready. */
export function localstack(
  template: Template,
  about: { readonly host: string; readonly services: string; readonly port: number },
): ComposePart {
  const { host, services, port } = about;
  const { files, remarks } = templateFiles(template);
  const script = [
    "#!/bin/sh",
    `awslocal cloudformation deploy --stack-name ${host} --template-file /opt/spillway/template.json`,
    "",
  ].join("\n");
  const hasTemplate = files.length > 0;
  return {
    services: {
      [host]: {
        image,
        ports: [`${port}:4566`],
        environment: { SERVICES: `cloudformation,${services}` },
        ...(hasTemplate && {
          volumes: [
            `./${host}/template.json:/opt/spillway/template.json:ro`,
            `./${host}/set-up.sh:/etc/localstack/init/ready.d/set-up.sh:ro`,
          ],
        }),
      },
    },
    files: hasTemplate ? [...files, { name: "set-up.sh", text: script }] : [],
    remarks,
  };
}
