import { Button, PasswordInput, TextInput } from '@mantine/core';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { DemoSignIns } from './DemoSignIns.tsx';
import mark from '../mark.svg';
import { demoQuery } from './queries.ts';
import { keepChosenLanguage, signIn, type SignInResult } from './sign-in.ts';
import { SignInLanguage } from './SignInLanguage.tsx';
import classes from './SignInPage.module.css';

export function SignInPage() {
  const { t } = useTranslation(['access', 'shell']);
  const demo = useQuery(demoQuery).data;
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const { enter, busy, result } = useSignIn();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (email && password) void enter(email, password);
  };

  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <header className={classes.head}>
          <img src={mark} alt="" width={34} height={34} />
          <span className={classes.product}>{t('shell:product')}</span>
          <SignInLanguage />
        </header>
        <h1 className={classes.title}>{t('signIn.title')}</h1>
        <form onSubmit={submit} noValidate className={classes.form}>
          <TextInput
            size="sm"
            label={t('signIn.email')}
            type="email"
            autoComplete="username"
            autoFocus
            value={email}
            error={tried && !email && t('signIn.emailMissing')}
            onChange={(event) => setEmail(event.currentTarget.value.trim())}
          />
          <PasswordInput
            size="sm"
            label={t('signIn.password')}
            autoComplete="current-password"
            value={password}
            error={tried && !password && t('signIn.passwordMissing')}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {result === 'wrong' && <Trouble>{t('signIn.wrong')}</Trouble>}
          {result === 'too-often' && <Trouble>{t('signIn.tooOften')}</Trouble>}
          {result === 'unreachable' && <Trouble>{t('shell:trouble.unreachable')}</Trouble>}
          <Button type="submit" size="sm" loading={busy}>
            {t('signIn.submit')}
          </Button>
        </form>
      </div>
      {demo && demo.password !== null && demo.people.length > 0 && (
        <DemoSignIns people={demo.people} busy={busy} onChoose={(chosen) => void enter(chosen, demo.password ?? '')} />
      )}
    </main>
  );
}

function useSignIn() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const { back } = useSearch({ from: '/sign-in' });
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<SignInResult>();
  const enter = async (email: string, password: string) => {
    setBusy(true);
    const outcome = await signIn(email, password);
    setResult(outcome);
    if (outcome === 'done') {
      await keepChosenLanguage();
      // Nothing of whoever sat here before.
      client.clear();
      await router.invalidate();
      if (back) router.history.push(back);
      else await navigate({ to: '/' });
    }
    setBusy(false);
  };
  return { enter, busy, result };
}
