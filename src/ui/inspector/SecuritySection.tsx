// How clients of a broker or service prove who they are. It stands in exported documents and changes nothing in a run.

import { choice } from "../../base/fields.ts";
import { replaceElement } from "../../model/edit.ts";
import { nameOf } from "../../model/elements.ts";
import type { BrokerNode, SecurityScheme, ServiceNode } from "../../model/scenario.ts";
import { securitySchemes } from "../../model/scenario.ts";
import { useDocumentStore } from "../../store/documentStore.ts";
import { FieldForm } from "./FieldForm.tsx";
import { Section } from "./Section.tsx";

const labels: Readonly<Record<SecurityScheme, string>> = {
  userPassword: "User and password",
  X509: "X.509 certificate",
  plain: "SASL PLAIN",
  scramSha256: "SASL SCRAM-SHA-256",
  scramSha512: "SASL SCRAM-SHA-512",
  gssapi: "SASL GSSAPI (Kerberos)",
  oauth2: "OAuth 2",
  httpApiKey: "HTTP, API key",
  httpBasic: "HTTP, basic",
  httpBearer: "HTTP, bearer token",
};

const notStated = "not-stated";

const fields = {
  security: choice({
    label: "Security",
    help: "How clients prove who they are. It stands in exported documents and changes nothing in a run.",
    options: [
      { value: notStated, label: "Not stated" },
      ...securitySchemes.map((value) => ({ value, label: labels[value] })),
    ],
    default: notStated,
  }),
};

/** The choice of a security scheme. A service has one where somebody calls it. */
export function SecuritySection({ node }: { readonly node: BrokerNode | ServiceNode }) {
  const { id, kind, security } = node;
  const isCalled = useDocumentStore(({ scenario }) =>
    scenario.connections.some((one) => one.kind === "call" && one.to === id),
  );
  if (kind === "service" && !isCalled && security === undefined) return null;
  return (
    <Section>
      <FieldForm
        fields={fields}
        stated={security === undefined ? {} : { security }}
        onChange={(_, value) =>
          secure(
            node,
            securitySchemes.find((one) => one === value),
          )
        }
      />
    </Section>
  );
}

function secure(node: BrokerNode | ServiceNode, security: SecurityScheme | undefined): void {
  const { scenario, commit } = useDocumentStore.getState();
  const { security: _, ...rest } = node;
  const title = `Set security of ${nameOf(scenario, node.id)}`;
  const changed = security === undefined ? rest : { ...rest, security };
  commit(replaceElement(scenario, changed), title);
}
