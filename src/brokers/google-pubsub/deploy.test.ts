// How Pub/Sub is set up: what gcloud, Terraform and the emulator are given, and which names are left out.

import { expect, test } from "vitest";
import type { Parameters } from "../../base/fields.ts";
import { describeBroker } from "../brokerSketch.suite.ts";
import type { Deployed } from "../deployment.ts";
import { googlePubsubDeployment as deployment } from "./deploy.ts";
import { simulatedGooglePubsub as pubsub } from "./simulated.ts";

const full: Parameters = {
  delivery_type: "push",
  filter: 'attributes.type = "it\'s ${x}"',
  enable_message_ordering: true,
  retain_acked_messages: true,
  retry_policy: "backoff",
  dead_letter_topic: "dead",
  "expiration_policy.ttl": null,
};

function deployed(way: number, name = "orders"): Deployed {
  const config = describeBroker(pubsub, {
    channels: [
      { id: "t", kind: "topic", name, parameters: { message_retention_duration: 600_000 } },
      { id: "s", kind: "subscription", name: "billing", parameters: full },
      { id: "dead", kind: "topic", name: "dead-letters" },
    ],
    bindings: [{ from: "t", to: "s" }],
  });
  return deployment.setUps[way]!.files({ config, host: "pubsub" }, "");
}

test("the script creates topics before subscriptions, with every setting", () => {
  const [file] = deployed(0).files;
  const text = file !== undefined && "text" in file ? file.text : "";
  expect(text.split("\n").slice(5).join("\n")).toBe(
    [
      "gcloud pubsub topics create 'orders' \\",
      "  '--message-retention-duration=600s'",
      "gcloud pubsub topics create 'dead-letters'",
      "gcloud pubsub subscriptions create 'billing' \\",
      "  '--topic=orders' \\",
      "  '--ack-deadline=10' \\",
      "  '--message-retention-duration=604800s' \\",
      "  '--expiration-period=never' \\",
      "  '--retain-acked-messages' \\",
      String.raw`  '--message-filter=attributes.type = "it'\''s ${"$"}{x}"' ` + "\\",
      "  '--enable-message-ordering' \\",
      "  '--push-endpoint=https://example.com/push' \\",
      "  '--min-retry-delay=10s' \\",
      "  '--max-retry-delay=600s' \\",
      "  '--dead-letter-topic=dead-letters' \\",
      "  '--max-delivery-attempts=5'",
      "",
    ].join("\n"),
  );
});

test("Terraform's resources name each other, and texts are no templates", () => {
  const [file] = deployed(1).files;
  expect(file !== undefined && "json" in file ? file.json : {}).toMatchObject({
    resource: {
      google_pubsub_topic: { topic_1: { name: "orders" }, topic_2: { name: "dead-letters" } },
      google_pubsub_subscription: {
        subscription_1: {
          topic: "${google_pubsub_topic.topic_1.id}",
          filter: 'attributes.type = "it\'s $${x}"',
          expiration_policy: { ttl: "" },
          dead_letter_policy: {
            dead_letter_topic: "${google_pubsub_topic.topic_2.id}",
            max_delivery_attempts: 5,
          },
        },
      },
    },
  });
});

test("what Pub/Sub would refuse is left out, with all that belongs to it", () => {
  const { files, remarks } = deployed(0, "goog orders");
  expect(remarks).toHaveLength(2);
  expect(JSON.stringify(files)).not.toContain("billing");
});
