import classes from './ClientBadge.module.css';

/** For whom the agent speaks: the client's colour as a band, the name in the colour of all text. */
export function ClientBadge({ name, colour, quiet = false }: { name: string; colour: string; quiet?: boolean }) {
  return (
    <span className={quiet ? classes.quiet : classes.badge} style={{ borderColor: colour }}>
      {name}
    </span>
  );
}
