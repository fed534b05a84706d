/** A colleague asks for help: heard and seen, also while the desk is out of sight. */
import type { HelpRequest } from '@kernlijn/contract/supervising';
import { chosenDevices } from '@kernlijn/ui/phone-devices.ts';
import { tick } from '@kernlijn/ui/ring-sound.ts';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { announce } from '../shell/announce.ts';
import { notify } from '../shell/notify.ts';
import { preferences } from '../shell/preferences.ts';

export function useHelpNews(): (request: HelpRequest) => void {
  const { t } = useTranslation('supervising');
  const { id: me } = useMe();
  return useCallback(
    ({ id, agentId, agentName, word, takenBy, withdrawn }) => {
      if (withdrawn) return;
      if (agentId === me) {
        if (takenBy) announce(t('help.comes', { name: takenBy.name }), true);
        return;
      }
      if (takenBy) return;
      if (preferences.get().messageSound) tick(chosenDevices.get().ring, 0.5);
      if (document.visibilityState === 'hidden') notify(t('help.asks', { name: agentName }), word, id);
    },
    [me, t],
  );
}
