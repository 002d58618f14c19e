/** Text of a pgbackrest.conf. */

/** A section's options in order. One that may come several times comes as several entries. */
export type Section = readonly (readonly [option: string, value: string | number])[];

/** The sections in order. @throws where a value would end its line, or an option is given twice with the same meaning. */
export function ini(sections: Readonly<Record<string, Section>>): string {
  return Object.entries(sections)
    .map(([name, options]) => [`[${name}]`, ...options.map(line(name))].map((one) => `${one}\n`).join(""))
    .join("\n");
}

const line =
  (section: string) =>
  ([option, value]: readonly [string, string | number]): string => {
    const text = String(value);
    if (text === "" || text.trim() !== text || /[\r\n\0]/.test(text))
      throw new Error(`pgbackrest.conf [${section}] ${option}: expected one line without spaces around it`);
    return `${option}=${text}`;
  };
