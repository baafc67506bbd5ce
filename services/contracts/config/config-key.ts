import { z } from "zod";

/** One key of a configuration, as its schema describes it. */
export interface ConfigKey {
  /** With dots: `server.port`. */
  key: string;
  kind: "text" | "number" | "switch" | "list";
  /** What it may be, for people: "0 to 65535". Empty: anything of its kind. */
  range: string;
  /** Undefined: none. */
  default: unknown;
  description: string;
  /** Of the environment, the first that is set counts. */
  variables: readonly string[];
  /** The environment decides it over what a person has chosen, so that it is no part of what they choose from. */
  isFixable: boolean;
  /** Its value is shown to nobody. */
  isSecret: boolean;
}

const Leaf = z.object({
  type: z.enum(["string", "number", "integer", "boolean", "array"]),
  description: z.string().default(""),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  maxItems: z.number().optional(),
  items: z.object({ enum: z.array(z.string()).optional() }).optional(),
  variables: z.array(z.string()).optional(),
  isSecret: z.boolean().optional(),
});
type Leaf = z.infer<typeof Leaf>;

const Group = z.object({ properties: z.record(z.string(), z.unknown()) });

const KINDS = { string: "text", number: "number", integer: "number", boolean: "switch", array: "list" } as const;

/** All keys of a configuration's schema, in its order. */
export function listConfigKeys(schema: z.ZodType): ConfigKey[] {
  return keysOf(z.toJSONSchema(schema, { io: "input" }), []);
}

function keysOf(schema: unknown, path: readonly string[]): ConfigKey[] {
  const group = Group.safeParse(schema);
  if (group.success) {
    return Object.entries(group.data.properties).flatMap(([name, inner]) => keysOf(inner, [...path, name]));
  }
  const leaf = Leaf.parse(schema);
  const key = path.join(".");
  return [
    {
      key,
      kind: KINDS[leaf.type],
      range: rangeOf(leaf),
      default: leaf.default,
      description: leaf.description,
      variables: leaf.variables ?? [variableOf(path)],
      isFixable: leaf.variables !== undefined,
      isSecret: leaf.isSecret === true,
    },
  ];
}

/** `turn.endpointDelayMs` is PARLEY_TURN_ENDPOINT_DELAY_MS. */
function variableOf(path: readonly string[]): string {
  const words = path.join("_").replace(/([a-z])([A-Z])/g, "$1_$2");
  return `PARLEY_${words.toUpperCase()}`;
}

function rangeOf({ type, minimum, maximum, maxLength, maxItems, items, format, ...leaf }: Leaf): string {
  const choices = leaf.enum ?? items?.enum;
  if (choices !== undefined) return `${type === "array" ? "some of " : ""}${choices.join(", ")}`;
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) return `${minimum ?? 0} to ${maximum}`;
  if (minimum !== undefined) return `${minimum} or more`;
  if (maxItems !== undefined) return `up to ${maxItems}`;
  if (maxLength !== undefined) return `up to ${maxLength} characters`;
  return format === "uri" ? "http:// or https://" : "";
}
