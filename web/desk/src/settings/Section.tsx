import { useId, type ReactNode } from 'react';
import classes from './SettingsForm.module.css';

/** A part of a form: fields two beside each other, or one below the other when `wide`. */
export function Section({
  title,
  hint,
  wide = false,
  children,
}: {
  title: string;
  hint?: string;
  wide?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h2 className={classes.sectionTitle} id={id}>
        {title}
      </h2>
      {hint && <p className={classes.hint}>{hint}</p>}
      <div className={wide ? classes.wide : classes.pair}>{children}</div>
    </section>
  );
}
