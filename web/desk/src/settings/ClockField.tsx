import { TextInput } from '@mantine/core';
import { asClock } from '../text/as-typed.ts';
import classes from './ClockField.module.css';

/** A time of the day, `24:00` included, typed as one likes and shown as a clock does once it is left. */
export function ClockField({
  label,
  value,
  wrong,
  onChange,
}: {
  label: string;
  value: string;
  wrong: boolean;
  onChange: (text: string) => void;
}) {
  return (
    <TextInput
      aria-label={label}
      classNames={{ input: classes.input ?? '' }}
      value={value}
      inputMode="numeric"
      maxLength={5}
      error={wrong}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={() => onChange(asClock(value) ?? value)}
    />
  );
}
