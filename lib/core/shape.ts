/** Values from outside against the shape they must have. */

/** A schema such as zod's, as far as it is asked. */
export interface Schema<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/**
 * The value in the shape of the schema.
 * @param where  the file or document, as the error names it
 * @throws Error naming `where`, the key, what was expected and what came.
 */
export function shaped<T>(schema: Schema<T>, value: unknown, where: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw new Error(`${where}: ${path.map(String).join(".") || "document"}: ${lowered(message)}`);
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
