// The schema languages that the open document uses, as they arrive; each is loaded when its first contract is there.

import { useEffect, useState } from "react";
import { formatOf } from "../../model/contracts.ts";
import type { SchemaFormat } from "../../model/scenario.ts";
import { type Language, loadLanguage } from "../../schemas/languages.ts";
import { useDocumentStore } from "../../store/documentStore.ts";

/** Languages that have arrived. */
export type LoadedLanguages = Readonly<Partial<Record<SchemaFormat, Language>>>;

/** The languages of all contracts, and JSON Schema for new ones. */
export function useLanguages(): LoadedLanguages {
  const contracts = useDocumentStore((state) => state.scenario.contracts);
  const wanted = [...new Set<SchemaFormat>(["json-schema", ...contracts.map(formatOf)])];
  const [loaded, setLoaded] = useState<LoadedLanguages>({});
  const missing = wanted.filter((format) => loaded[format] === undefined).join(" ");
  useEffect(() => {
    let isGone = false;
    const load = async (format: SchemaFormat): Promise<void> => {
      const language = await loadLanguage(format);
      if (!isGone) setLoaded((before) => ({ ...before, [format]: language }));
    };
    for (const format of wanted) if (missing.split(" ").includes(format)) void load(format);
    return () => {
      isGone = true;
    };
    // The list is made anew in every rendering; what is missing says all of it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [missing]);
  return loaded;
}

/** JSON Schema, once it has arrived: the language of headers whatever the payload is written in. */
export function useJsonSchema(): Language | undefined {
  return useLanguages()["json-schema"];
}
