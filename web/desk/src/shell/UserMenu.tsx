import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useStore } from '@kernlijn/ui/store.ts';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useLocale } from '../text/use-locale.ts';
import { openDialog } from './dialog.ts';
import { askForNotifications, notificationState } from './notify.ts';
import { preferences, type Preferences } from './preferences.ts';
import classes from './UserMenu.module.css';
import { useChangeLocale, useSignOut } from './use-session.ts';

const looks = ['light', 'dark', 'auto'] as const;

export function UserMenu() {
  const { t } = useTranslation(['shell', 'access']);
  const me = useMe();
  const locale = useLocale();
  const changeLocale = useChangeLocale();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <UnstyledButton className={classes.me}>
          {initials(me.name)}
          <span className="spoken-only">{t('menu.label', { name: me.name })}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name} · {t(`access:role.${me.role}`)}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('menu.language')}</Menu.Label>
        <Menu.RadioGroup value={locale} onChange={(chosen) => changeLocale(chosen === 'en' ? 'en' : 'nl')}>
          <Menu.RadioItem value="nl">{t('menu.dutch')}</Menu.RadioItem>
          <Menu.RadioItem value="en">{t('menu.english')}</Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Label>{t('menu.look')}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(chosen) => setColorScheme(looks.find((look) => look === chosen) ?? 'auto')}
        >
          {looks.map((look) => (
            <Menu.RadioItem key={look} value={look}>
              {t(`menu.${look}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Choices />
        <Menu.Divider />
        {me.isAgent && (
          <Menu.Item leftSection={<Icon name="mic" size={14} />} onClick={() => openDialog('devices')}>
            {t('menu.devices')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<Icon name="keyboard" size={14} />} onClick={() => openDialog('keys')}>
          {t('menu.keys')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="edit" size={14} />} onClick={() => openDialog('password')}>
          {t('menu.password')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="out" size={14} />} onClick={signOut}>
          {t('menu.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Choices() {
  const { t } = useTranslation('shell');
  const kept = useStore(preferences);
  const denied = ['denied', 'unsupported'].includes(notificationState());
  const item = (name: keyof Preferences, label: string, disabled = false) => (
    <Menu.CheckboxItem
      checked={kept[name]}
      disabled={disabled}
      onChange={(on) => {
        preferences.set({ ...kept, [name]: on });
        if (name === 'notifications') askForNotifications();
      }}
    >
      {label}
    </Menu.CheckboxItem>
  );
  return (
    <>
      {item('ringSound', t('menu.sounds'))}
      {item('messageSound', t('menu.messageSounds'))}
      {item('notifications', denied ? t('menu.notificationsDenied') : t('menu.notifications'), denied)}
    </>
  );
}

/** First and last word: "Jan van der Berg" is JB. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase();
}
