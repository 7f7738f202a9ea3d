"""The night's run, for those who have Airflow 3: the same commands that a person types.

Put this file into the DAGs folder and set the Airflow variable `wattlake_folder` to the repository's folder.
A task fails when its command does (exit code 1): readers then stay on the last complete run, and a retry does what is
left.
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    dag_id="wattlake",
    description="Takes in what has arrived, rebuilds what it changes, then folds small files.",
    schedule="0 2 * * *",
    start_date=pendulum.datetime(2025, 1, 1, tz="Europe/Vilnius"),
    catchup=False,
    max_active_runs=1,
    default_args={"cwd": "{{ var.value.wattlake_folder }}", "retries": 2, "retry_delay": timedelta(minutes=10)},
) as dag:
    pipeline = BashOperator(task_id="pipeline", bash_command="npm run -s pipeline -- --wait")
    optimize = BashOperator(task_id="optimize", bash_command="npm run -s lake -- optimize")
    pipeline >> optimize
