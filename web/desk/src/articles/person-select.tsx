import { useQuery } from "@tanstack/react-query";
import { peopleQuery } from "../api/queries.ts";

interface PersonSelectProps {
  readonly label: string;
  /** The choice of nobody. */
  readonly none: string;
  readonly value: string;
  readonly onChange: (userId: string) => void;
}

/** One of those who work on articles, or nobody (`""`). */
export function PersonSelect({ label, none, value, onChange }: PersonSelectProps) {
  const { data: people = [] } = useQuery(peopleQuery);
  return (
    <label className="field">
      <span className="label">{label}</span>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{none}</option>
        {people.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
