// Rows of numbers: a line for each, with a button to remove it, and one more line on demand.

import {
  type FieldValue,
  type NumberField,
  type Table,
  type TableField,
} from "../../base/fields.ts";
import { parseTable } from "../../base/table.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { NumberInput } from "./controls.tsx";
import styles from "./inspector.module.css";

interface TableInputProps {
  readonly id: string;
  readonly field: TableField;
  readonly value: FieldValue;
  readonly onChange: (value: FieldValue) => void;
}

/** The editor of a table. Where a column must rise, rows are sorted by it. */
export function TableInput({ id, field, value, onChange }: TableInputProps) {
  const read = parseTable(field, value);
  const rows = read.ok ? read.value : field.default;
  const columns = Object.entries<NumberField>(field.columns);
  const hand = (next: Table): void => {
    const { rising } = field;
    onChange(
      rising === undefined
        ? next
        : next.toSorted((one, other) => (one[rising] ?? 0) - (other[rising] ?? 0)),
    );
  };
  return (
    <div
      id={id}
      className={styles["distribution"]}
      role="group"
      aria-label={field.label}
      aria-describedby={`${id}-help`}
    >
      {rows.map((row, i) => (
        // Rows have no name of their own: the place is what one sees.
        <div key={i} className={styles["row"]}>
          {columns.map(([name, column]) => (
            <label key={name} className={styles["parameter"]}>
              {i === 0 ? (
                column.label
              ) : (
                <span className="visually-hidden">{`${column.label}, row ${i + 1}`}</span>
              )}
              <NumberInput
                id={`${id}-${i}-${name}`}
                field={column}
                value={row[name] ?? column.default}
                onChange={(next) =>
                  hand(
                    rows.map((other, at) => (at === i ? { ...row, [name]: Number(next) } : other)),
                  )
                }
              />
            </label>
          ))}
          <IconButton
            icon="minus"
            label={`Remove row ${i + 1}`}
            disabled={rows.length <= field.rowsMin}
            onClick={() => hand(rows.filter((_, at) => at !== i))}
          />
        </div>
      ))}
      <div className={styles["buttons"]}>
        <Button
          icon="plus"
          disabled={rows.length >= field.rowsMax}
          onClick={() => hand([...rows, rowAfter(field, rows)])}
        >
          Add a row
        </Button>
      </div>
    </div>
  );
}

/** A row like the last one; where a column must rise, as much further as the last step. */
function rowAfter(field: TableField, rows: Table): Table[number] {
  const last = rows.at(-1);
  const { rising } = field;
  if (last === undefined) return field.default[0] ?? {};
  if (rising === undefined) return last;
  const step = (last[rising] ?? 0) - (rows.at(-2)?.[rising] ?? 0);
  const next = (last[rising] ?? 0) + Math.max(step, 1000);
  return { ...last, [rising]: Math.min(next, field.columns[rising]?.max ?? next) };
}
